"""What can be chosen in Connect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screens.connection import Target


@dataclass(frozen=True, slots=True)
class Offered:
    """A rack or an account that can be chosen."""

    key: str
    name: str
    host: str
    source: str
    """Where it is known from."""
    target: Target | None
    """None if it cannot be used."""
    chosen: str = ""
    """Why the credentials choose it where nothing else is said; empty if they do not."""
    problem: str = ""
    connected: bool = False
    service: str = "Oxide"
    """Whose it is: `Oxide` or `Outscale`."""


@dataclass(frozen=True, slots=True)
class Offerings:
    """All that there is to choose from, and what the operator should know about it."""

    racks: Sequence[Offered]
    note: str = ""
