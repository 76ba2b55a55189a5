"""What is marked in a terminal: from one place to another, as text."""

from __future__ import annotations

from typing import NamedTuple

from screens.widgets.terminal.cells import cell
from screens.widgets.terminal.emulator import Emulator


class Place(NamedTuple):
    """A cell; rows count from the first that there ever was, so that they stay when lines scroll."""

    row: int
    column: int


class Selection(NamedTuple):
    """From the cell where it began to the one where it ends, both within it; whichever is first."""

    anchor: Place
    head: Place

    def columns(self, row: int, width: int) -> tuple[int, int] | None:
        """The first column of a row that is marked, and the one behind the last."""
        first, last = min(self), max(self)
        if not first.row <= row <= last.row:
            return None
        return (
            first.column if row == first.row else 0,
            min(last.column + 1, width) if row == last.row else width,
        )


def row_text(emulator: Emulator, row: int, columns: tuple[int, int]) -> str:
    """The text of some columns of a row."""
    number = row - emulator.gone - emulator.scrolled
    text, at = [], 0
    for run in emulator.row(number):
        for character in run.text:
            width = max(cell(character)[1], 0)
            # A mark is taken with the character that it is on.
            if columns[0] <= (at if width else at - 1) < columns[1]:
                text.append(character)
            at += width
    return "".join(text)


def selected(emulator: Emulator, selection: Selection) -> str:
    """The marked text; lines that the terminal wrapped are whole, blanks at ends of lines are left out."""
    first, last = min(selection), max(selection)
    begin = max(first.row, emulator.gone)
    end = min(last.row, emulator.gone + emulator.scrolled + emulator.rows - 1)
    parts = []
    for row in range(begin, end + 1):
        columns = selection.columns(row, emulator.columns)
        if columns is None:
            continue
        text = row_text(emulator, row, columns)
        wrapped = emulator.wrapped(row - emulator.gone - emulator.scrolled)
        if wrapped and row < end:
            parts.append(text.ljust(columns[1] - columns[0]) if text.isascii() else text)
        else:
            parts.append(text.rstrip(" ") + ("\n" if row < end else ""))
    return "".join(parts)


def word_at(emulator: Emulator, place: Place) -> Selection:
    """The word under a place, as a double click marks it; paths and addresses are words."""
    text = row_text(emulator, place.row, (0, emulator.columns)).ljust(emulator.columns)
    start = end = min(place.column, len(text) - 1)
    if not _in_word(text[start]):
        return Selection(place, place)
    while start > 0 and _in_word(text[start - 1]):
        start -= 1
    while end + 1 < len(text) and _in_word(text[end + 1]):
        end += 1
    return Selection(Place(place.row, start), Place(place.row, end))


def _in_word(character: str) -> bool:
    return character.isalnum() or character in "_-./~:@%+?&=#,"
