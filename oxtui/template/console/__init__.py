"""Expressions one by one, with the values of a template at hand: `Console`, shown as text or as JSON."""

from oxtui.template.console.console import Console

__all__ = ["Console"]
