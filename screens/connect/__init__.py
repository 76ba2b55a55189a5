"""Connect: choosing the rack to work with."""
