"""What the terminal answers a program that asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from oxtui import __version__
from screens.widgets.terminal.look import Look, sgr
from screens.widgets.terminal.modes import Modes
from screens.widgets.terminal.screen import Screen


class _Asked(Protocol):
    cursor_style: int


class Reports:
    """Answers go to `reply`; nothing of what the program wrote is ever sent back as it is."""

    def __init__(
        self, screen: Screen, modes: Modes, asked: _Asked, reply: Callable[[str], None]
    ) -> None:
        self._screen, self._modes, self._asked, self._reply = screen, modes, asked, reply
        self.colors: dict[str, str] = {}
        """Of text (`10`) and background (`11`), as `rgb:rrrr/gggg/bbbb`."""

    def attributes(self, kind: str) -> None:
        """DA: a VT220 with colours; its second form names no known terminal, the third no number."""
        self._reply({"": "\x1b[?62;22c", ">": "\x1b[>1;10;0c", "=": "\x1bP!|00000000\x1b\\"}[kind])

    def version(self) -> None:
        """XTVERSION."""
        self._reply(f"\x1bP>|oxtui {__version__}\x1b\\")

    def status(self, what: int) -> None:
        """DSR: that all is well, or where the cursor is."""
        if what == 5:
            self._reply("\x1b[0n")
        elif what == 6:
            self._reply(f"\x1b[{self._place()}R")

    def private_status(self, what: int) -> None:
        """DECXCPR: the cursor's place, and that there is one page."""
        if what == 6:
            self._reply(f"\x1b[?{self._place()};1R")

    def _place(self) -> str:
        screen = self._screen
        return f"{screen.y + 1 - (screen.top if screen.origin else 0)};{screen.x + 1}"

    def size(self) -> None:
        """Rows and columns, as XTWINOPS 18 asks."""
        self._reply(f"\x1b[8;{self._screen.rows};{self._screen.columns}t")

    def mode(self, mode: int, private: bool) -> None:
        """DECRQM."""
        state = self._modes.state(mode, private)
        self._reply(f"\x1b[{'?' if private else ''}{mode};{state}$y")

    def color(self, number: str, content: str) -> None:
        """OSC 10 and 11: colours of text and background, for programs that choose theirs by them."""
        if content == "?" and number in self.colors:
            self._reply(f"\x1b]{number};{self.colors[number]}\x1b\\")

    def device(self, text: str) -> None:
        """DECRQSS of what a program may have set; XTGETTCAP knows nothing."""
        if text.startswith("+q"):
            self._reply("\x1bP0+r\x1b\\")
        elif text.startswith("$q"):
            answer = {
                "m": lambda: _codes(self._screen.look) + "m",
                "r": lambda: f"{self._screen.top + 1};{self._screen.bottom + 1}r",
                " q": lambda: f"{self._asked.cursor_style} q",
            }.get(text[2:])
            self._reply(f"\x1bP1$r{answer()}\x1b\\" if answer else "\x1bP0$r\x1b\\")


def _codes(look: Look) -> str:
    return sgr(look).removeprefix("\x1b[").removesuffix("m")
