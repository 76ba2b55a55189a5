"""The terminal pane: draws an emulator's rows that changed, and turns keys into a guest's input."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from screens.widgets.scrolling import Scrolling
from screens.widgets.terminal.emulator import Emulator, Look
from screens.widgets.terminal.keys import key_bytes

FRAMES = 30
"""Drawings a second at most: what comes faster is drawn together."""

_NAMES = {"brown": "yellow", "brightbrown": "bright_yellow"}


@lru_cache(maxsize=4096)
def _style(look: Look) -> Style:
    return Style(
        color=_color(look.fg), bgcolor=_color(look.bg), bold=look.bold, italic=look.italic,
        underline=look.underline, strike=look.strike, reverse=look.reverse,
    )  # fmt: skip


def _color(name: str) -> str | None:
    if name == "default":
        return None
    if len(name) == 6 and all(digit in "0123456789abcdef" for digit in name):
        return f"#{name}"
    name = _NAMES.get(name, name)
    return (
        name.replace("bright", "bright_") if name.startswith("bright") and "_" not in name else name
    )


class TerminalPane(Scrolling, can_focus=True):
    """Shows a terminal. Every key goes to the guest but the prefix, whose next key is for us."""

    DEFAULT_CSS = """
    TerminalPane {
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        overflow-y: auto;
        background: $background;
        color: $foreground;
    }
    """
    PREFIX = "ctrl+]"

    class Command(Message):
        """The prefix and then this key was pressed."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._emulator: Emulator | None = None
        self._send: Callable[[bytes], None] = lambda data: None
        self._resized: Callable[[int, int], None] = lambda columns, rows: None
        self._due = False
        self._prefixed = False

    def attach(
        self,
        emulator: Emulator,
        send: Callable[[bytes], None],
        resized: Callable[[int, int], None],
    ) -> None:
        """Show this emulator from now on; keys go to `send`, new sizes to `resized`."""
        self._emulator, self._send, self._resized = emulator, send, resized
        self.fit()
        self.refresh()

    def detach(self) -> None:
        """Show nothing."""
        self._emulator = None
        self.refresh()

    @property
    def prefixed(self) -> bool:
        """The prefix was pressed; the next key is for us."""
        return self._prefixed

    def changed(self) -> None:
        """The emulator was fed: what changed is drawn with the next frame."""
        if not self._due:
            self._due = True
            self.set_timer(1 / FRAMES, self._draw)

    def _draw(self) -> None:
        self._due = False
        emulator = self._emulator
        if emulator is None or not self.is_attached:
            return
        following = self.scroll_offset.y >= self.max_scroll_y
        grown = self._set_height()
        if following and grown:
            self.scroll_end(animate=False, immediate=True)
        rows = emulator.take_dirty()
        if grown or len(rows) > emulator.rows // 2:
            self.refresh()
            return
        if emulator.cursor is not None:
            rows.add(emulator.cursor[1])
        rows.add(self._cursor_row)
        top = emulator.scrolled - self.scroll_offset.y
        for row in rows:
            self.refresh(Region(0, row + top, self.size.width, 1))

    _cursor_row = 0

    def _set_height(self) -> bool:
        emulator = self._emulator
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
        emulator = self._emulator
        width, height = self.scrollable_content_region.size
        if emulator is None or width < 2 or height < 2:
            return
        if (width, height) != (emulator.columns, emulator.rows):
            emulator.resize(width, height)
            self._resized(width, height)
        self._set_height()
        self.scroll_end(animate=False, immediate=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row, with the cursor on it while the pane has the focus."""
        emulator = self._emulator
        base = self.rich_style
        width = self.size.width
        if emulator is None:
            return Strip.blank(width, base)
        row = y + self.scroll_offset.y - emulator.scrolled
        if not -emulator.scrolled <= row < emulator.rows:
            return Strip.blank(width, base)
        strip = Strip(
            [Segment(run.text, base + _style(run.look)) for run in emulator.row(row)]
        ).adjust_cell_length(width, base)
        cursor = emulator.cursor
        if cursor is not None and cursor[1] == row:
            self._cursor_row = row
            if self.has_focus:
                strip = _with_cursor(strip, cursor[0])
        return strip

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Every key goes to the guest, so the footer offers none of those behind it."""
        del key, character
        return self._emulator is not None

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
            return
        if key == self.PREFIX:
            self._prefixed = True
            self.post_message(self.Command(""))
            return
        emulator = self._emulator
        if emulator is None:
            return
        data = key_bytes(event.key, event.character, application_cursor=emulator.application_cursor)
        if data is not None:
            self.scroll_end(animate=False, immediate=True)
            self._send(data)

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if self._emulator is None:
            return
        text = event.text.replace("\r\n", "\r").replace("\n", "\r").replace("\x1b", "")
        if self._emulator.bracketed_paste:
            text = f"\x1b[200~{text}\x1b[201~"
        self._send(text.encode())

    def on_focus(self) -> None:
        """The cursor shows."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor hides; a prefix that waited is forgotten."""
        self._prefixed = False
        self.refresh()


def _with_cursor(strip: Strip, column: int) -> Strip:
    before, at, after = strip.divide([column, column + 1, strip.cell_length])[:3]
    return Strip.join([before, at.apply_style(Style(reverse=True)), after])
