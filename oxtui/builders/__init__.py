"""Builders: what makes a machine and captures it."""
