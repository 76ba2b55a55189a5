"""How a store fails."""

from __future__ import annotations


class StoreError(ValueError):
    """A store gave no value; the text names it, the path, the cause and what to do, and holds no secret."""


class UnreachableError(StoreError):
    """No answer came, and another try may get one."""
