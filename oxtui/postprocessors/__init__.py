"""Post-processors: what is done with an artifact."""
