"""What stands in a table: cells with a tone, and the columns that make them from rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Tone = Literal["", "good", "busy", "warn", "bad", "muted", "accent"]
"""Meaning that a theme gives a colour to; text or glyph always say the same in words."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def clean(text: str) -> str:
    """Text of others for one line of a table: no control, invisible or direction characters."""
    return text if text.isascii() and text.isprintable() else _CONTROL.sub(" ", text)


def printable(line: str, keep: str = "") -> str:
    """The line with a blank for every character that a terminal would act on; columns stay."""
    return "".join(c if c.isprintable() or c in keep else " " for c in line)


class Cell(NamedTuple):
    """One field of a row."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; `cell` is given a row and makes its field."""

    title: str
    """Heading, in capitals; lower-cased it names the column in filters (`os:ubuntu`)."""
    cell: Callable[[Any], Cell | str]
    sort: Callable[[Any], Any] | None = None
    """What the column is sorted by; None: the text, with numbers in it by value. None as a result
    comes last."""
    priority: int = 1
    """1 stays longest; the column with the greatest number gives way first on a narrow screen."""
    minimum: int = 4
    """Narrowest useful width; longer fields end in an ellipsis."""
    maximum: int = 40
    right: bool = False
    """Aligned to the right, as numbers are."""
    searched: bool = True
    """The filter looks in it; not in ages, which change by themselves."""

    @property
    def id(self) -> str:
        """Name of the column in filters."""
        return self.title.lower().replace(" ", "-")

    def field(self, row: Any) -> Cell:
        """The field of a row."""
        cell = self.cell(row)
        return Cell(clean(cell)) if isinstance(cell, str) else Cell(clean(cell.text), cell.tone)


_DIGITS = re.compile(r"(\d+)")


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key by which `web-2` comes before `web-10`."""
    return tuple(
        (1, int(part), "") if part.isdecimal() else (0, 0, part)
        for part in _DIGITS.split(text.lower())
        if part
    )
