"""Copying by keys: a cursor that walks over all rows that are kept, marks some, and takes them away."""

from __future__ import annotations

from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.selection import Place, Selection, row_text

HELP = "copy: arrows move · space marks · y copies · q back"


class CopyMode:
    """The keys of tmux and of vi. Begins where the guest's cursor is."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        column, row = emulator.place
        self.cursor = Place(emulator.gone + emulator.scrolled + row, column)
        self._anchor: Place | None = None
        self._lines = False
        self._moves = {
            "left": (0, -1), "h": (0, -1), "right": (0, 1), "l": (0, 1),
            "up": (-1, 0), "k": (-1, 0), "down": (1, 0), "j": (1, 0),
        }  # fmt: skip

    @property
    def selection(self) -> Selection | None:
        """What is marked."""
        if self._anchor is None:
            return None
        if self._lines:
            first, last = sorted((self._anchor.row, self.cursor.row))
            return Selection(Place(first, 0), Place(last, self._emulator.columns - 1))
        return Selection(self._anchor, self.cursor)

    def press(self, key: str) -> bool:
        """Moves or marks; False for a key that does neither."""
        page = max(self._emulator.rows - 1, 1)
        row, column = self.cursor
        if key in self._moves:
            down, right = self._moves[key]
            self._go(row + down, column + right)
        elif key in ("pageup", "ctrl+b", "shift+pageup"):
            self._go(row - page, column)
        elif key in ("pagedown", "ctrl+f", "shift+pagedown"):
            self._go(row + page, column)
        elif key in ("ctrl+u", "ctrl+d"):
            self._go(row + (page // 2 if key == "ctrl+d" else -page // 2), column)
        elif key in ("home", "0"):
            self._go(row, 0)
        elif key in ("end", "$", "dollar_sign"):
            text = row_text(self._emulator, row, (0, self._emulator.columns))
            self._go(row, max(len(text.rstrip(" ")) - 1, 0))
        elif key == "g":
            self._go(0, 0)
        elif key == "G":
            self._go(self._last, column)
        elif key in ("space", "v", "V"):
            self._lines = key == "V"
            self._anchor = self.cursor
        else:
            return False
        return True

    @property
    def _last(self) -> int:
        return self._emulator.gone + self._emulator.scrolled + self._emulator.rows - 1

    def _go(self, row: int, column: int) -> None:
        self.cursor = Place(
            max(self._emulator.gone, min(row, self._last)),
            max(0, min(column, self._emulator.columns - 1)),
        )
