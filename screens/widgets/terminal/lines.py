"""Rows of a terminal's screen, and the packed form in which they are laid anew."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from screens.widgets.terminal.cells import is_wide
from screens.widgets.terminal.look import PLAIN, Look


class Run(NamedTuple):
    """Neighbouring cells of one look."""

    text: str
    look: Look


class Row:
    """One row of cells; the cell behind a wide character holds no text."""

    __slots__ = ("cells", "looks", "plain", "wide", "wrapped")

    def __init__(self, columns: int, look: Look = PLAIN) -> None:
        self.cells = [" "] * columns
        self.plain = look is PLAIN
        """All its looks are PLAIN; `looks` then holds none."""
        self.looks: list[Look] = [] if self.plain else [look] * columns
        self.wide = False
        """It may hold wide characters."""
        self.wrapped = False
        """Its text goes on in the next row."""

    def set_looks(self, start: int, end: int, look: Look) -> None:
        """How cells from `start` to before `end` look."""
        if self.plain:
            if look is PLAIN:
                return
            self.plain, self.looks = False, [PLAIN] * len(self.cells)
        self.looks[start:end] = [look] * (end - start)

    def erase(self, start: int, end: int, look: Look) -> None:
        """Empties cells from `start` to before `end`."""
        count = end - start
        if count <= 0:
            return
        self.cells[start:end] = [" "] * count
        if count == len(self.cells):
            self.plain, self.wide = look is PLAIN, False
            self.looks = [] if self.plain else [look] * count
        else:
            self.set_looks(start, end, look)
        if end >= len(self.cells):
            self.wrapped = False
        self.mend()

    def shift(self, at: int, count: int, look: Look) -> None:
        """Moves the cells from `at` right by `count`, left if that is negative; what leaves the row is lost."""
        columns = len(self.cells)
        count = max(at - columns, min(count, columns - at))
        gap = abs(count)
        self.set_looks(0, 0, look)
        if count > 0:
            self.cells[at:] = [" "] * gap + self.cells[at : columns - gap]
            if not self.plain:
                self.looks[at:] = [look] * gap + self.looks[at : columns - gap]
        else:
            self.cells[at:] = self.cells[at + gap :] + [" "] * gap
            if not self.plain:
                self.looks[at:] = self.looks[at + gap :] + [look] * gap
        self.wrapped = False
        self.mend()

    def mend(self) -> None:
        """Empties halves of wide characters whose other half is gone."""
        if not self.wide:
            return
        cells, last = self.cells, len(self.cells) - 1
        for at, text in enumerate(cells):
            if not text:
                if at == 0 or not cells[at - 1] or not is_wide(cells[at - 1]):
                    self._empty(at)
            elif is_wide(text) and (at == last or cells[at + 1]):
                self._empty(at)

    def _empty(self, at: int) -> None:
        self.cells[at] = " "
        if not self.plain:
            self.looks[at] = PLAIN

    def resize(self, columns: int) -> None:
        """Cuts or fills at the right."""
        more = columns - len(self.cells)
        if more > 0:
            self.cells += [" "] * more
            self.looks += [] if self.plain else [PLAIN] * more
        else:
            del self.cells[columns:], self.looks[columns:]
            self.mend()

    def runs(self) -> Iterator[Run]:
        """Its cells, those of one look together."""
        if self.plain:
            yield Run("".join(self.cells), PLAIN)
            return
        at = 0
        for look, group in groupby(self.looks):
            end = at + len(list(group))
            yield Run("".join(self.cells[at:end]), look)
            at = end


class Kept(NamedTuple):
    """A row without the blanks at its end, as it is laid anew."""

    runs: tuple[Run, ...]
    wrapped: bool


def pack(row: Row | Kept) -> Kept:
    """The row in its packed form."""
    if isinstance(row, Kept):
        return row
    if row.plain:
        text = "".join(row.cells)
        if not row.wrapped:
            text = text.rstrip(" ")
        return Kept((Run(text, PLAIN),) if text else (), row.wrapped)
    runs = list(row.runs())
    while runs and runs[-1].look is PLAIN and not row.wrapped:
        text = runs.pop().text.rstrip(" ")
        if text:
            runs.append(Run(text, PLAIN))
            break
    return Kept(tuple(runs), row.wrapped)
