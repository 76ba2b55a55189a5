"""The terminal pane: draws an emulator's rows that changed, and turns keys into a guest's input."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from oxtui.logs.search import Pattern
from screens.widgets.scrolling import Scrolling
from screens.widgets.terminal.copying import CopyMode
from screens.widgets.terminal.emulator import Emulator
from screens.widgets.terminal.keys import key_bytes
from screens.widgets.terminal.paste import paste_bytes
from screens.widgets.terminal.pointing import Pointer
from screens.widgets.terminal.selection import Selection, selected
from screens.widgets.terminal.style import segments

SHORTEST_PAUSE = 1 / 60
"""Seconds between two drawings at least; the first after a rest is drawn at once."""
ROW_SHARE = 1 / 1000
"""Seconds of rest for each row drawn."""
FLOOD_PAUSE = 1 / 8
"""Seconds between drawings while all rows change before anybody can read one."""
_PATIENCE = 0.15
"""Seconds that a program may take over a screenful that it wants shown at once (mode 2026)."""
_BELLS = 1.0
"""Seconds between two rings at least."""


class TerminalPane(Scrolling, can_focus=True):
    """Shows a terminal. Every key goes to the guest but the prefix, whose next key is for us."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"terminal--selected", "terminal--found"}
    DEFAULT_CSS = """
    TerminalPane {
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        overflow-x: hidden;
        overflow-y: auto;
        background: $background;
        color: $foreground;
        & > .terminal--found { color: $background; background: $text-accent; text-style: bold; }
        & > .terminal--selected { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """
    PREFIX = "ctrl+]"

    class Command(Message):
        """The prefix and then this key was pressed; no key if the prefix or copying began or ended."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Copied(Message):
        """The operator copied this text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.emulator: Emulator | None = None
        self.copying: CopyMode | None = None
        """Keys move over what is kept, as long as it is there."""
        self._send: Callable[[bytes], None] = lambda data: None
        self._resized: Callable[[int, int], None] = lambda columns, rows: None
        self._looked_for: Pattern | None = None
        self._pointer = Pointer(self)
        self._marked: Selection | None = None
        self._due = False
        self._prefixed = False
        self._next = self._rung = self._held_since = 0.0
        self._gone = self._total = 0
        self._cursor_row = 0
        self._base: Style | None = None

    def attach(
        self,
        emulator: Emulator,
        send: Callable[[bytes], None],
        resized: Callable[[int, int], None],
    ) -> None:
        """Show this emulator from now on; keys go to `send`, new sizes to `resized`."""
        self.emulator, self._send, self._resized = emulator, send, resized
        self._gone, self._marked, self.copying = emulator.gone, None, None
        self._tell_colors()
        self.fit()
        self.refresh()

    def detach(self) -> None:
        """Show nothing."""
        self.emulator = self._marked = self.copying = None
        self.refresh()

    @property
    def prefixed(self) -> bool:
        """The prefix was pressed; the next key is for us."""
        return self._prefixed

    def prefix(self) -> None:
        """As if the prefix had been pressed here."""
        self._prefixed = True
        self.post_message(self.Command(""))

    @property
    def at_end(self) -> bool:
        """It is not scrolled back."""
        return self.scroll_offset.y >= self.max_scroll_y

    def send(self, data: bytes) -> None:
        """To the guest."""
        self._send(data)

    # drawing

    def changed(self) -> None:
        """The emulator was fed: it is drawn now, or soon where it was drawn just before."""
        if self._due:
            return
        self._due = True
        wait = self._next - monotonic()
        if wait <= 0:
            self._draw()
        else:
            self.set_timer(wait, self._draw)

    def _draw(self) -> None:
        self._due = False
        emulator = self.emulator
        if emulator is None or not self.is_attached:
            return
        now = monotonic()
        if emulator.drawing and now - self._held_since < _PATIENCE:
            self._due = True
            self.set_timer(SHORTEST_PAUSE, self._draw)
            return
        self._held_since = now
        if emulator.take_bell() and now - self._rung > _BELLS:
            self._rung = now
            self.app.bell()
        total = emulator.gone + emulator.scrolled
        flooded, self._total = total - self._total > emulator.rows, total
        grown = self._follow(emulator)
        rows = emulator.take_dirty()
        pause = max(SHORTEST_PAUSE, ROW_SHARE * (emulator.rows if grown else len(rows)))
        self._next = now + (FLOOD_PAUSE if flooded else pause)
        if grown or len(rows) > emulator.rows // 2:
            self.refresh()
            return
        rows |= {emulator.place[1], self._cursor_row}
        top = emulator.scrolled - self.scroll_offset.y
        for row in rows:
            self.refresh(Region(0, row + top, self.size.width, 1))

    def _follow(self, emulator: Emulator) -> bool:
        """Stays at the end, or with the rows that are looked at; True if there are other rows now."""
        following = self.at_end and self.copying is None
        gone, self._gone = emulator.gone - self._gone, emulator.gone
        grown = self._set_height()
        if following:
            if grown:
                self.scroll_end(animate=False, immediate=True)
        elif gone:
            self.scroll_by(-gone)
        return grown or bool(gone)

    def _set_height(self) -> bool:
        emulator = self.emulator
        if emulator is None:
            return False
        size = Size(emulator.columns, emulator.rows + emulator.scrolled)
        if size == self.virtual_size:
            return False
        self.virtual_size = size
        return True

    def on_resize(self) -> None:
        """The guest's terminal takes the pane's size."""
        self.fit()

    def fit(self) -> None:
        """Gives emulator and guest the pane's size, and draws all of it."""
        emulator = self.emulator
        width, height = self.scrollable_content_region.size
        if emulator is None or width < 2 or height < 2:
            return
        if (width, height) != (emulator.columns, emulator.rows):
            emulator.resize(width, height)
            self._resized(width, height)
            self._marked = self.copying = None
        self._set_height()
        self.scroll_end(animate=False, immediate=True)
        self.refresh()

    def notify_style_update(self) -> None:
        """Another theme has other colours."""
        super().notify_style_update()
        self._base = None
        self._tell_colors()

    def _tell_colors(self) -> None:
        if self.emulator is None or not self.is_attached:
            return
        text, background = self.styles.color.rgb, self.background_colors[1].rgb
        self.emulator.set_colors(*(
            "rgb:" + "/".join(f"{part:02x}{part:02x}" for part in color)
            for color in (text, background)
        ))  # fmt: skip

    def render_line(self, y: int) -> Strip:
        """One row, with what is marked, and the cursor while the pane has the focus."""
        emulator = self.emulator
        if self._base is None:
            self._base = self.rich_style
        base, width = self._base, self.size.width
        if emulator is None:
            return Strip.blank(width, base)
        row = y + self.scroll_offset.y - emulator.scrolled
        if not -emulator.scrolled <= row < emulator.rows:
            return Strip.blank(width, base)
        if emulator.reversed:
            base += Style(reverse=True)
        strip = Strip(segments(emulator.row(row), base)).adjust_cell_length(width, base)
        number = row + emulator.scrolled + emulator.gone
        if self.copying is not None:
            for hit in self.copying.found(number):
                if (columns := hit.columns(number, emulator.columns)) is not None:
                    found = self.get_component_rich_style("terminal--found", partial=True)
                    strip = _restyled(strip, *columns, found)
        columns = (
            self._marked.columns(number, emulator.columns) if self._marked is not None else None
        )
        if columns is not None:
            strip = _restyled(
                strip, *columns, self.get_component_rich_style("terminal--selected", partial=True)
            )
        return self._with_cursor(strip, row, number)

    def _with_cursor(self, strip: Strip, row: int, number: int) -> Strip:
        emulator = self.emulator
        if emulator is None or not self.has_focus:
            return strip
        if self.copying is not None:
            if self.copying.cursor.row != number:
                return strip
            column, shape = self.copying.cursor.column, Style(reverse=True)
        else:
            if emulator.cursor is None or emulator.cursor[1] != row:
                return strip
            self._cursor_row = row
            column = emulator.cursor[0]
            block = emulator.cursor_style < 3
            shape = Style(reverse=True) if block else Style(underline=True, bold=True)
        if shape.reverse and any(
            segment.style is not None and segment.style.reverse
            for segment in strip.crop(column, column + 1)
        ):
            shape = Style(reverse=False)
        return _restyled(strip, column, column + 1, shape)

    # marking and copying

    def mark(self, selection: Selection | None) -> None:
        """Show what is marked."""
        self._marked = selection
        self.refresh()

    def copy_marked(self) -> None:
        """Copy what is marked."""
        if self._marked is not None and self.emulator is not None:
            text = selected(self.emulator, self._marked)
            if text.strip():
                self.post_message(self.Copied(text))

    def start_copying(self, key: str = "") -> None:
        """Keys move over what is kept until it is left or copied; the first may be given."""
        if self.emulator is not None:
            self.copying = CopyMode(self.emulator, self._looked_for)
            self._marked = None
            if key:
                self._copy_key(self.copying, key)
            self.refresh()

    def _stop_copying(self) -> None:
        self.copying = self._marked = None
        self.scroll_end(animate=False, immediate=True)
        self.refresh()
        self.post_message(self.Command(""))

    def _copy_key(self, copying: CopyMode, key: str) -> None:
        emulator = self.emulator
        if emulator is None:
            return
        told, top = copying.told, self.scroll_offset.y
        if copying.press(key) or copying.in_sight(emulator.gone + top, key):
            self._marked, self._looked_for = copying.selection, copying.pattern
            row = copying.cursor.row - emulator.gone
            if not top <= row < top + emulator.rows:
                # What was jumped to is seen with what is around it.
                near = -1 <= row - top <= emulator.rows
                self.scroll_by((-1 if row < top else 1) if near else row - top - emulator.rows // 2)
            self.refresh()
            if copying.told != told:
                self.post_message(self.Command(""))
        elif key in ("q", "escape", "ctrl+c"):
            self._stop_copying()
        elif key in ("y", "enter"):
            self.copy_marked()
            self._stop_copying()

    def scroll_by(self, rows: int) -> None:
        """Scroll back or forth."""
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, immediate=True)
        self.refresh()

    # keys

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Every key goes to the guest, so the footer offers none of those behind it."""
        del key, character
        return self.emulator is not None

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        key = "ctrl+]" if event.key in ("ctrl+]", "ctrl+right_square_bracket") else event.key
        if self._prefixed:
            self._prefixed = False
            if key in ("]", "right_square_bracket", self.PREFIX):
                self._send(b"\x1d")
            else:
                self.post_message(self.Command(event.character or key))
            self.post_message(self.Command(""))
        elif key == self.PREFIX:
            self.prefix()
        elif self.copying is not None:
            self._copy_key(self.copying, event.character or key if event.is_printable else key)
        elif (emulator := self.emulator) is not None:
            if key in ("shift+pageup", "shift+pagedown") and not emulator.alternate:
                self.scroll_by((1 - emulator.rows) * (1 if key == "shift+pageup" else -1))
                return
            data = key_bytes(
                event.key, event.character, application_cursor=emulator.application_cursor
            )
            if data is not None:
                self._typed(data)

    def _typed(self, data: bytes) -> None:
        if self._marked is not None:
            self.mark(None)
        if not self.at_end:
            self.scroll_end(animate=False, immediate=True)
        self._send(data)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if self.copying is not None:
            self.copying.paste(event.text)
            self.post_message(self.Command(""))
        elif self.emulator is not None:
            self._typed(paste_bytes(event.text, bracketed=self.emulator.bracketed_paste))

    # the mouse and the focus

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The pane hears of the mouse until the button is let go."""
        event.stop()
        self._pointer.down(event)
        if self._pointer.busy:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Marks, or is told to the guest."""
        self._pointer.moved(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """What was marked is copied."""
        event.stop()
        self._pointer.up(event)
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Words and lines are marked by two and three clicks."""
        event.stop()
        self._pointer.clicked(event)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self._pointer.wheel(event)

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()
        self._pointer.wheel(event)

    def on_focus(self) -> None:
        """The cursor shows; a program that asked for it is told."""
        if self.emulator is not None and self.emulator.focus_events:
            self._send(b"\x1b[I")
        self.refresh()

    def on_blur(self) -> None:
        """The cursor hides; a prefix that waited is forgotten."""
        if self.emulator is not None and self.emulator.focus_events:
            self._send(b"\x1b[O")
        self._prefixed = False
        self.refresh()


def _restyled(strip: Strip, start: int, end: int, style: Style) -> Strip:
    if start >= end or start >= strip.cell_length:
        return strip
    before, at, after = strip.divide([start, end, max(end, strip.cell_length)])[:3]
    # On top of what is there: a cell says of each attribute whether it has it.
    marked = [Segment(text, (there or Style()) + style) for text, there, _ in at]
    return Strip.join([before, Strip(marked), after])
