"""A step that is passed over, as what it does is there already."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reused:
    """Why a step need not run, as a sentence, and how long it took when it ran, in seconds."""

    reason: str
    seconds: float = 0.0
