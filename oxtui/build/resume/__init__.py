"""Going on with a session whose process ended."""
