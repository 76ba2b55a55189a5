"""Modes that a program sets, and what of them the pane has to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from screens.widgets.terminal.screen import Screen

ORIGIN, AUTOWRAP, CURSOR = 6, 7, 25
CURSOR_KEYS, REVERSED, KEYPAD = 1, 5, 66
FOCUS, SGR_MOUSE, ALTERNATE_SCROLL, PASTE, SYNCHRONISED = 1004, 1006, 1007, 2004, 2026
_MOUSE = {9: "press", 1000: "press", 1002: "drag", 1003: "move"}
_ALTERNATE = (47, 1047, 1049)
_KNOWN = {
    CURSOR_KEYS, REVERSED, 12, CURSOR, KEYPAD, 1000, 1002, 1003, 9, FOCUS, SGR_MOUSE,
    ALTERNATE_SCROLL, PASTE, SYNCHRONISED,
}  # fmt: skip
_INSERT, _NEW_LINE = 4, 20

Mouse = Literal["", "press", "drag", "move"]


class Modes:
    """DECSET, DECRST, SM, RM and what asks for them."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.private: set[int] = {CURSOR, ALTERNATE_SCROLL}
        self.new_line = False
        """A line feed goes to the beginning of the row, too (LNM)."""

    @property
    def mouse(self) -> Mouse:
        """What the program wants to hear of the mouse."""
        for mode in (1003, 1002, 1000, 9):
            if mode in self.private:
                return _MOUSE[mode]  # type: ignore[return-value]
        return ""

    @property
    def presses_only(self) -> bool:
        """It does not want to hear when a button is let go (X10's mode 9)."""
        return self.mouse == "press" and 1000 not in self.private

    def set(self, mode: int, on: bool) -> None:
        """A private mode; what is not known is passed over."""
        screen = self._screen
        if mode == ORIGIN:
            screen.origin = on
            screen.move_in_margins(0, 0)
        elif mode == AUTOWRAP:
            screen.autowrap = on
            screen.pending = screen.pending and on
        elif mode == 1048:
            (screen.save if on else screen.restore)()
        elif mode in _ALTERNATE:
            self._alternate(mode, on)
        elif mode in _KNOWN:
            if on and mode in _MOUSE:
                self.private.difference_update(_MOUSE)
            (self.private.add if on else self.private.discard)(mode)
            if mode == REVERSED:
                screen.all_dirty()

    def _alternate(self, mode: int, on: bool) -> None:
        screen = self._screen
        if on and screen.alternate is None:
            if mode == 1049:
                screen.save()
            screen.enter_alternate()
        elif not on and screen.alternate is not None:
            screen.leave_alternate()
            if mode == 1049:
                screen.restore()

    def set_ansi(self, mode: int, on: bool) -> None:
        """A mode of ECMA-48."""
        if mode == _INSERT:
            self._screen.insert = on
        elif mode == _NEW_LINE:
            self.new_line = on

    def state(self, mode: int, private: bool) -> int:
        """What DECRQM answers: 1 set, 2 not set, 0 unknown."""
        screen = self._screen
        asked: dict[int, Callable[[], bool]] = {
            ORIGIN: lambda: screen.origin, AUTOWRAP: lambda: screen.autowrap,
            **dict.fromkeys(_ALTERNATE, lambda: screen.alternate is not None),
        }  # fmt: skip
        ansi: dict[int, Callable[[], bool]] = {
            _INSERT: lambda: screen.insert, _NEW_LINE: lambda: self.new_line,
        }  # fmt: skip
        known = asked if private else ansi
        if mode in known:
            return 1 if known[mode]() else 2
        if private and mode in _KNOWN:
            return 1 if mode in self.private else 2
        return 0

    def soft_reset(self) -> None:
        """DECSTR: what draws as at the beginning; the screen's text stays."""
        screen = self._screen
        screen.origin, screen.insert, screen.autowrap = False, False, True
        screen.top, screen.bottom = 0, screen.rows - 1
        self.private -= {CURSOR_KEYS, KEYPAD}
        self.private.add(CURSOR)

    def reset(self) -> None:
        """RIS: as at the beginning."""
        self._screen.leave_alternate()
        self.private = {CURSOR, ALTERNATE_SCROLL}
        self.new_line = False
        self.soft_reset()

    def sequences(self) -> str:
        """What sets another terminal to the same modes."""
        screen = self._screen
        on = [number for number in sorted(self.private) if number not in (CURSOR, SYNCHRONISED)]
        parts = [f"\x1b[?{number}h" for number in on if number != KEYPAD]
        if KEYPAD in self.private:
            parts.append("\x1b=")
        if CURSOR not in self.private:
            parts.append("\x1b[?25l")
        if not screen.autowrap:
            parts.append("\x1b[?7l")
        if screen.insert:
            parts.append("\x1b[4h")
        return "".join(parts)
