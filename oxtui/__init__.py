"""The engine of oxtui: everything that works without a terminal."""
