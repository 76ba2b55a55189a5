"""The mouse on the terminal pane: the guest's where its program asks for it, else it marks and scrolls."""

from __future__ import annotations

from typing import Protocol

from textual import events
from textual.geometry import Offset

from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.keys import key_bytes
from screens.widgets.terminal.mouse import WHEEL_DOWN, WHEEL_UP, Happening, mouse_bytes
from screens.widgets.terminal.selection import Place, Selection, word_at

WHEEL_LINES = 3


class Pane(Protocol):
    """What the mouse needs of the pane."""

    @property
    def emulator(self) -> Emulator | None:
        """What is shown."""
        ...

    @property
    def at_end(self) -> bool:
        """It is not scrolled back."""
        ...

    @property
    def scroll_offset(self) -> Offset:
        """How far it is."""
        ...

    def send(self, data: bytes) -> None:
        """To the guest."""
        ...

    def mark(self, selection: Selection | None) -> None:
        """Show what is marked."""
        ...

    def copy_marked(self) -> None:
        """Copy it."""
        ...

    def scroll_by(self, rows: int) -> None:
        """Scroll back or forth."""
        ...


class Pointer:
    """Follows presses, moves and the wheel."""

    def __init__(self, pane: Pane) -> None:
        self._pane = pane
        self._held: int | None = None
        """The button that the guest knows to be held."""
        self._anchor: Place | None = None
        self._last: tuple[int, int] | None = None

    @property
    def busy(self) -> bool:
        """A button is held."""
        return self._held is not None or self._anchor is not None

    def down(self, event: events.MouseDown) -> None:
        """A button is pressed; with shift it is never the guest's."""
        emulator = self._pane.emulator
        if emulator is None:
            return
        if emulator.mouse and not event.shift and self._pane.at_end:
            self._held = event.button - 1
            self._tell("press", self._held, event)
        elif event.button == 1:
            self._anchor = self._place(event)
            self._pane.mark(None)

    def moved(self, event: events.MouseMove) -> None:
        """A drag marks; the guest hears of moves if it wants to."""
        if self._anchor is not None:
            emulator = self._pane.emulator
            if event.y < 0 or (emulator is not None and event.y >= emulator.rows):
                self._pane.scroll_by(-1 if event.y < 0 else 1)
            self._pane.mark(Selection(self._anchor, self._place(event)))
        elif self._cell(event) != self._last and self._pane.at_end and not event.shift:
            self._tell("move", self._held, event)

    def up(self, event: events.MouseUp) -> None:
        """A button is let go: what was marked is copied."""
        if self._held is not None:
            self._tell("release", self._held, event)
            self._held = None
        elif self._anchor is not None:
            if self._place(event) != self._anchor:
                self._pane.copy_marked()
            self._anchor = None

    def clicked(self, event: events.Click) -> None:
        """Two clicks mark a word, three a line."""
        emulator = self._pane.emulator
        if emulator is None or event.chain < 2 or (emulator.mouse and not event.shift):
            return
        place = self._place(event)
        if event.chain == 2:
            self._pane.mark(word_at(emulator, place))
        else:
            row = place.row
            self._pane.mark(Selection(Place(row, 0), Place(row, emulator.columns - 1)))
        self._pane.copy_marked()

    def wheel(self, event: events.MouseScrollUp | events.MouseScrollDown) -> None:
        """To the guest as a button, or as cursor keys on the alternate screen; else it scrolls back."""
        emulator = self._pane.emulator
        if emulator is None:
            return
        up = isinstance(event, events.MouseScrollUp)
        if emulator.mouse and not event.shift and self._pane.at_end:
            self._tell("press", WHEEL_UP if up else WHEEL_DOWN, event)
        elif emulator.alternate_scroll:
            key = key_bytes(
                "up" if up else "down", None, application_cursor=emulator.application_cursor
            )
            self._pane.send((key or b"") * WHEEL_LINES)
        else:
            self._pane.scroll_by(-WHEEL_LINES if up else WHEEL_LINES)

    def _tell(self, happening: Happening, button: int | None, event: events.MouseEvent) -> None:
        emulator = self._pane.emulator
        if emulator is None:
            return
        self._last = cell = self._cell(event)
        modifiers = (event.shift, event.meta, event.ctrl)
        data = mouse_bytes(emulator, happening, button, cell, modifiers)
        if data is not None:
            self._pane.send(data)

    def _cell(self, event: events.MouseEvent) -> tuple[int, int]:
        emulator = self._pane.emulator
        columns, rows = (emulator.columns, emulator.rows) if emulator is not None else (1, 1)
        row = int(event.y) + self._pane.scroll_offset.y - (emulator.scrolled if emulator else 0)
        return max(0, min(int(event.x), columns - 1)), max(0, min(row, rows - 1))

    def _place(self, event: events.MouseEvent) -> Place:
        emulator = self._pane.emulator
        if emulator is None:
            return Place(0, 0)
        row = max(0, int(event.y) + self._pane.scroll_offset.y)
        row = min(row, emulator.scrolled + emulator.rows - 1)
        return Place(emulator.gone + row, max(0, min(int(event.x), emulator.columns - 1)))
