"""Readers of a session for terminals, pipes and programs: append-only, nothing is painted over."""
