"""What a report is made of: sentences for people, and facts for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SayingKind = Literal["say", "message", "error"]
"""What a build says of itself, what its programs print, and what went wrong."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line for people, complete with the build's name; a newline in front is a blank line before it.

    Attributes:
        kind: How it is meant, which decides its colour.
        text: Safe for a terminal.
        build: Whose colour it has; empty for none.
        time: Unix seconds of when it was said; None where no time stands before it (packer.md c03).
    """

    kind: SayingKind
    text: str
    build: str = ""
    time: float | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One record for programs: `target` is the build or empty, `data` what Packer gives for that type."""

    target: str
    type: str
    data: tuple[str, ...] = ()
