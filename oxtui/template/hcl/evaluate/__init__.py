"""From tree to values."""
