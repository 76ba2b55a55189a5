"""Editing texts: in a dialog, or in the operator's own editor."""
