"""Dialogs: they stand before a screen until they are answered."""
