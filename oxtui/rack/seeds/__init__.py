"""What a new rack holds: `empty`, `demo` or `large`."""
