"""Communicators: how a builder's machine is reached."""
