"""Where words and paragraphs of a terminal's rows begin and end, as `w`, `e`, `b`, `{` and `}` walk in vi."""

from __future__ import annotations

from typing import Literal

from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.selection import Place, row_text

To = Literal["next", "end", "back"]


def below(emulator: Emulator) -> int:
    """The row behind the last."""
    return emulator.gone + emulator.scrolled + emulator.rows


def word(emulator: Emulator, place: Place, to: To) -> Place:
    """The beginning of the next word, the end of this or the next one, or the beginning of this or the one before."""
    row, column = place
    step = -1 if to == "back" else 1
    while emulator.gone <= row < below(emulator):
        places = [
            at for at in _edges(emulator, row, ends=to == "end")
            if row != place.row or (at < column if to == "back" else at > column)
        ]  # fmt: skip
        if places:
            return Place(row, places[-1 if to == "back" else 0])
        row += step
    return place


def paragraph(emulator: Emulator, place: Place, step: Literal[-1, 1]) -> Place:
    """The next row above or below without text, behind one that has some."""
    row, passed = place.row, bool(_text(emulator, place.row).strip())
    while emulator.gone <= row + step < below(emulator):
        row += step
        text = bool(_text(emulator, row).strip())
        if passed and not text:
            break
        passed = passed or text
    return Place(row, 0)


def _edges(emulator: Emulator, row: int, *, ends: bool) -> list[int]:
    """Columns at which words of a row begin, or end."""
    text = f" {_text(emulator, row)} "
    kinds = [_kind(character) for character in text]
    by = 1 if ends else -1
    return [at - 1 for at in range(1, len(text) - 1) if kinds[at] and kinds[at] != kinds[at + by]]


def _text(emulator: Emulator, row: int) -> str:
    return row_text(emulator, row, (0, emulator.columns))


def _kind(character: str) -> int:
    if character == " ":
        return 0
    return 1 if character.isalnum() or character == "_" else 2
