"""A session played again: its state at any moment, and its output as far as it had grown by then."""
