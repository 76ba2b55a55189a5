"""Client of the Oxide Region API."""
