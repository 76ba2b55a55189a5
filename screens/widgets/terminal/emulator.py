"""A terminal's screen, fed with what a program writes."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from screens.widgets.terminal.interpreter import Interpreter
from screens.widgets.terminal.lines import Row, Run
from screens.widgets.terminal.look import sgr
from screens.widgets.terminal.modes import (
    ALTERNATE_SCROLL,
    CURSOR_KEYS,
    FOCUS,
    KEYPAD,
    PASTE,
    REVERSED,
    SGR_MOUSE,
    SYNCHRONISED,
    Modes,
    Mouse,
)
from screens.widgets.terminal.parser import Parser
from screens.widgets.terminal.reflow import resize
from screens.widgets.terminal.screen import KEPT_ROWS, Screen

LEAST_COLUMNS, LEAST_ROWS = 2, 1


class Emulator:
    """Takes any bytes, cut anywhere; tells what its screen shows, and answers the program.

    Args:
        columns: width, at least 2.
        rows: height, at least 1.
        kept: rows that can be scrolled back to.
    """

    def __init__(self, columns: int, rows: int, kept: int = KEPT_ROWS) -> None:
        self._screen = Screen(max(columns, LEAST_COLUMNS), max(rows, LEAST_ROWS), kept)
        self.reply: Callable[[bytes], None] = lambda data: None
        """Takes what the terminal itself answers, such as the cursor's position."""
        self._interpreter = Interpreter(self._screen, lambda text: self.reply(text.encode()))
        self._parser = Parser(self._interpreter)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes) -> None:
        """Draws a program's output."""
        self._parser.feed(self._decoder.decode(data))

    def resize(self, columns: int, rows: int) -> None:
        """Changes the size; lines that were wrapped are wrapped anew."""
        resize(self._screen, max(columns, LEAST_COLUMNS), max(rows, LEAST_ROWS))

    @property
    def columns(self) -> int:
        """Width."""
        return self._screen.columns

    @property
    def rows(self) -> int:
        """Height."""
        return self._screen.rows

    # what is shown

    def row(self, number: int) -> list[Run]:
        """A row of the screen; negative numbers count back in what has scrolled away."""
        if number < 0:
            kept = self._screen.kept[number]
            return list(kept.runs() if isinstance(kept, Row) else kept.runs)
        return list(self._screen.lines[number].runs())

    def wrapped(self, number: int) -> bool:
        """Whether a row's text goes on in the next one."""
        if number < 0:
            return self._screen.kept[number].wrapped
        return self._screen.lines[number].wrapped

    @property
    def scrolled(self) -> int:
        """How many rows can be scrolled back to; none while a full-screen program runs."""
        return 0 if self._screen.alternate is not None else len(self._screen.kept)

    @property
    def gone(self) -> int:
        """How many rows were kept once and are no more; a place counts from the first row ever."""
        return self._screen.gone

    @property
    def alternate(self) -> bool:
        """A full-screen program has the alternate screen."""
        return self._screen.alternate is not None

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Column and row, or None while it is hidden."""
        return self._interpreter.cursor

    @property
    def place(self) -> tuple[int, int]:
        """The cursor's column and row, also while it is hidden."""
        return self._screen.x, self._screen.y

    @property
    def cursor_style(self) -> int:
        """As DECSCUSR counts: 0 to 2 a block, 3 and 4 an underline, 5 and 6 a bar."""
        return self._interpreter.cursor_style

    @property
    def title(self) -> str:
        """The window title that the program set, without anything that a terminal would obey."""
        return self._interpreter.title

    @property
    def reversed(self) -> bool:
        """The whole screen has its colours swapped (DECSCNM)."""
        return REVERSED in self.modes.private

    def take_dirty(self) -> set[int]:
        """Rows that changed since the last call."""
        screen = self._screen
        dirty = set(range(screen.rows)) if screen.moved else screen.dirty
        screen.dirty, screen.moved = set(), False
        return dirty

    def take_bell(self) -> bool:
        """Whether the bell rang since the last call."""
        rang, self._interpreter.bell = self._interpreter.bell, False
        return rang

    def painted(self) -> bytes:
        """What draws the same on an empty terminal of that size, and leaves it in the same state."""
        parts = []
        for number in range(self.rows):
            parts.append(f"\x1b[{number + 1};1H")
            parts += [f"{sgr(run.look)}{run.text}" for run in self.row(number)]
        return ("\x1b[0m\x1b[r\x1b[2J" + "".join(parts) + self._interpreter.restoring()).encode()

    # what the program wants

    @property
    def modes(self) -> Modes:
        """The modes that it set."""
        return self._interpreter.modes

    @property
    def application_cursor(self) -> bool:
        """Cursor keys are to be sent as `ESC O A` (DECCKM)."""
        return CURSOR_KEYS in self.modes.private

    @property
    def application_keypad(self) -> bool:
        """Keys of the number pad are to be told apart (DECKPAM)."""
        return KEYPAD in self.modes.private

    @property
    def bracketed_paste(self) -> bool:
        """Pasted text is to be marked as such."""
        return PASTE in self.modes.private

    @property
    def mouse(self) -> Mouse:
        """What it wants to hear of the mouse."""
        return self.modes.mouse

    @property
    def sgr_mouse(self) -> bool:
        """In numbers, not in bytes (mode 1006)."""
        return SGR_MOUSE in self.modes.private

    @property
    def focus_events(self) -> bool:
        """It wants to hear when the terminal gets or loses the focus."""
        return FOCUS in self.modes.private

    @property
    def alternate_scroll(self) -> bool:
        """The wheel is to press cursor keys on the alternate screen (mode 1007)."""
        return self.alternate and ALTERNATE_SCROLL in self.modes.private

    @property
    def drawing(self) -> bool:
        """It is in the midst of a screenful that is to be shown at once (mode 2026)."""
        return SYNCHRONISED in self.modes.private

    def set_colors(self, text: str, background: str) -> None:
        """The pane's colours, `rgb:rrrr/gggg/bbbb`, for programs that ask for them."""
        self._interpreter.set_colors(text, background)
