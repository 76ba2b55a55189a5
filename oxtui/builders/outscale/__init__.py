"""Builders of Outscale machine images (OMIs)."""
