"""Provisioners: what changes the machine."""
