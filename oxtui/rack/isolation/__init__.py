"""How instances of the simulated rack are kept apart from the host, and the way to their processes."""
