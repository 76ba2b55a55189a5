"""Past and running sessions: replay, leftovers, export."""
