"""The emulator on pyte's Screen, with what programs of today expect beside it."""

from __future__ import annotations

import codecs
import copy
import unicodedata
from collections import defaultdict, deque
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pyte
from pyte.screens import Char, Margins, StaticDefaultDict
from wcwidth import wcwidth

from screens.widgets.terminal.emulator import Look, Run
from screens.widgets.terminal.strings import ControlStrings

KEPT_ROWS = 5000
_CURSOR_KEYS, _PASTE = 1, 2004
_ALTERNATE = {47, 1047, 1049}


class _Screen(pyte.Screen):
    """pyte's screen with an alternate buffer, kept rows, and answers that go back to the program."""

    def __init__(self, columns: int, lines: int) -> None:
        self.answer: Callable[[bytes], None] = lambda data: None
        self.private: set[int] = set()
        self.kept: deque[Any] = deque(maxlen=KEPT_ROWS)
        self._main: tuple[Any, Any] | None = None
        super().__init__(columns, lines)

    def write_process_input(self, data: str) -> None:
        self.answer(data.encode())

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private"):
            self.private.update(modes)
            if _ALTERNATE & set(modes):
                self._enter_alternate()
            modes = tuple(mode for mode in modes if mode != 3)
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private"):
            self.private.difference_update(modes)
            if _ALTERNATE & set(modes):
                self._leave_alternate()
            modes = tuple(mode for mode in modes if mode != 3)
        super().reset_mode(*modes, **kwargs)

    def _enter_alternate(self) -> None:
        if self._main is None:
            self._main = (self.buffer, copy.copy(self.cursor))
            self.buffer = defaultdict(lambda: StaticDefaultDict(self.default_char))
            self.dirty.update(range(self.lines))

    def _leave_alternate(self) -> None:
        if self._main is not None:
            self.buffer, cursor = self._main
            self._main = None
            self.cursor.x = min(cursor.x, self.columns - 1)
            self.cursor.y = min(cursor.y, self.lines - 1)
            self.cursor.attrs = cursor.attrs
            self.margins = None
            self.dirty.update(range(self.lines))

    def reset(self) -> None:
        self._main = None
        self.private.clear()
        super().reset()

    def index(self) -> None:
        top, bottom = self.margins or Margins(0, self.lines - 1)
        if self.cursor.y == bottom and top == 0 and self._main is None:
            self.kept.append(self.buffer[0])
        super().index()

    def draw(self, data: str) -> None:
        # pyte drops all that follows a character without width, such as an emoji's variation selector.
        if not data.isascii():
            data = "".join(
                char for char in data if wcwidth(char) > 0 or unicodedata.combining(char)
            )
        super().draw(data)


class PyteEmulator:
    """Satisfies `Emulator`."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self.reply: Callable[[bytes], None] = lambda data: None
        self._screen = _Screen(columns, rows)
        self._screen.answer = lambda data: self.reply(data)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._strings = ControlStrings()

    @property
    def title(self) -> str:
        """The window title that the program set."""
        return str(self._screen.title)

    def feed(self, data: bytes) -> None:
        """Draws a program's output; any bytes are taken."""
        text = self._strings.feed(self._decoder.decode(data))
        try:
            self._stream.feed(text)
        except (
            Exception
        ):  # a guest's bytes are untrusted: what pyte cannot parse is dropped, not fatal
            self._stream = pyte.Stream(self._screen)
            self._screen.dirty.update(range(self.rows))

    def resize(self, columns: int, rows: int) -> None:
        """Changes the size."""
        self.columns, self.rows = columns, rows
        screen = self._screen
        # pyte takes rows away at the top even where the bottom is empty: move the text up only if needed.
        surplus = screen.cursor.y - (rows - 1)
        if rows < screen.lines and surplus <= 0:
            for row in range(rows, screen.lines):
                screen.buffer.pop(row, None)
            screen.lines = rows
            screen.margins = None
        screen.resize(rows, columns)
        screen.cursor.x = min(screen.cursor.x, columns - 1)
        screen.cursor.y = min(screen.cursor.y, rows - 1)
        screen.dirty.update(range(rows))

    @property
    def scrolled(self) -> int:
        """How many rows have scrolled away and are still kept."""
        return len(self._screen.kept)

    def row(self, number: int) -> list[Run]:
        """A row of the screen; negative numbers count back in what has scrolled away."""
        screen = self._screen
        cells = screen.buffer[number] if number >= 0 else screen.kept[number]
        chars = [cells[column] for column in range(self.columns)]
        return [
            Run("".join(char.data for char in group), look) for look, group in groupby(chars, _look)
        ]

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Column and row, or None while it is hidden."""
        cursor = self._screen.cursor
        if cursor.hidden:
            return None
        return min(cursor.x, self.columns - 1), cursor.y

    @property
    def application_cursor(self) -> bool:
        """Cursor keys are to be sent as `ESC O A` (DECCKM)."""
        return _CURSOR_KEYS in self._screen.private

    @property
    def bracketed_paste(self) -> bool:
        """Pasted text is to be marked as such."""
        return _PASTE in self._screen.private

    def take_dirty(self) -> set[int]:
        """Rows that changed since the last call."""
        dirty = {row for row in self._screen.dirty if row < self.rows}
        self._screen.dirty.clear()
        return dirty


def _look(char: Char) -> Look:
    return Look(
        char.fg, char.bg, char.bold, char.italics, char.underscore, char.strikethrough, char.reverse
    )
