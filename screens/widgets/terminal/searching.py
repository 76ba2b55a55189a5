"""Finds a text in all rows that a terminal keeps; what it wrapped is one line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from screens.widgets.terminal.cells import cell
from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.selection import Place


class Hit(NamedTuple):
    """From the first cell of what was found to its last."""

    first: Place
    last: Place

    def columns(self, row: int, width: int) -> tuple[int, int] | None:
        """The first column of a row that is of it, and the one behind the last."""
        if not self.first.row <= row <= self.last.row:
            return None
        return (
            self.first.column if row == self.first.row else 0,
            self.last.column + 1 if row == self.last.row else width,
        )


def hits(emulator: Emulator, pattern: re.Pattern[str]) -> list[Hit]:
    """All of them, from the top."""
    found: list[Hit] = []
    row, end = emulator.gone, emulator.gone + emulator.scrolled + emulator.rows
    while row < end:
        line = _Line(emulator, row, end)
        found += line.hits(pattern)
        row += len(line.texts)
    return found


def hits_at(emulator: Emulator, pattern: re.Pattern[str], row: int) -> list[Hit]:
    """Those of the line that a row is of."""
    base = emulator.gone + emulator.scrolled
    while row > emulator.gone and emulator.wrapped(row - 1 - base):
        row -= 1
    return list(_Line(emulator, row, base + emulator.rows).hits(pattern))


class _Line:
    """The rows of one line, the first of which is given."""

    def __init__(self, emulator: Emulator, row: int, end: int) -> None:
        base = emulator.gone + emulator.scrolled
        self._row = row
        self.texts: list[str] = []
        while True:
            self.texts.append("".join(run.text for run in emulator.row(row - base)))
            row += 1
            if row >= end or not emulator.wrapped(row - 1 - base):
                break
        # What was never written at its end is no text.
        self.texts[-1] = self.texts[-1].rstrip(" ")

    def hits(self, pattern: re.Pattern[str]) -> Iterator[Hit]:
        """What is found in it; nothing is no find."""
        text = self.texts[0] if len(self.texts) == 1 else "".join(self.texts)
        begins: list[int] = []
        for match in pattern.finditer(text):
            if match.end() == match.start():
                continue
            begins = begins or list(accumulate(map(len, self.texts), initial=0))
            row, column = self._place(begins, match.end() - 1)
            wide = max(cell(text[match.end() - 1])[1], 1)
            yield Hit(self._place(begins, match.start()), Place(row, column + wide - 1))

    def _place(self, begins: list[int], at: int) -> Place:
        number = min(bisect_right(begins, at), len(self.texts)) - 1
        before = self.texts[number][: at - begins[number]]
        column = len(before) if before.isascii() else sum(max(cell(c)[1], 0) for c in before)
        return Place(self._row + number, column)
