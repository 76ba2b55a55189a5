"""What the terminal pane needs of an emulator; which library stands behind it is nobody else's business."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol


class Look(NamedTuple):
    """How a cell is drawn. Colours are `default`, an ANSI name such as `brightred`, or six hex digits."""

    fg: str = "default"
    bg: str = "default"
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    reverse: bool = False


class Run(NamedTuple):
    """Neighbouring cells of one look."""

    text: str
    look: Look


class Emulator(Protocol):
    """A terminal's screen, fed with what a program writes."""

    columns: int
    rows: int
    reply: Callable[[bytes], None]
    """Takes what the terminal itself answers, such as the cursor's position."""

    @property
    def title(self) -> str:
        """The window title that the program set."""
        ...

    def feed(self, data: bytes) -> None:
        """Draws a program's output; any bytes are taken."""
        ...

    def resize(self, columns: int, rows: int) -> None:
        """Changes the size."""
        ...

    def row(self, number: int) -> list[Run]:
        """A row of the screen; negative numbers count back in what has scrolled away."""
        ...

    @property
    def scrolled(self) -> int:
        """How many rows have scrolled away and are still kept."""
        ...

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Column and row, or None while it is hidden."""
        ...

    @property
    def application_cursor(self) -> bool:
        """Cursor keys are to be sent as `ESC O A` (DECCKM)."""
        ...

    @property
    def bracketed_paste(self) -> bool:
        """Pasted text is to be marked as such."""
        ...

    def take_dirty(self) -> set[int]:
        """Rows that changed since the last call."""
        ...
