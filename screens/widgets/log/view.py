"""The log view: draws the rows of a spool that are on the screen, and polls how far it has grown."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from screens.widgets.log.model import LogModel
from screens.widgets.log.painter import BAR, Painter, selected
from screens.widgets.log.palette import PARTS, Palette

FOCUSED_RATE = 10
"""Looks at the spool in a second, of the one view that is read."""
GRID_RATE = 4
"""The same for a view among others: the cost is per frame, not per line."""

_MOST_COPIED = 20_000
"""Lines of a mouse selection that are copied."""


class LogView(Widget, can_focus=True, inherit_bindings=False):
    """Draws one spool at a time; `show` takes another. Lines never travel as messages."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"log--{part}" for part in PARTS}
    DEFAULT_CSS = """
    LogView {
        height: 1fr;
        background: $background;
        color: $text;
        & > .log--time { color: $text-muted; }
        & > .log--ours { color: $text-accent; }
        & > .log--stderr { color: $text-warning; }
        & > .log--error { color: $text-error; }
        & > .log--match { color: $text-accent; text-style: bold underline; }
        & > .log--found { color: $background; background: $text-accent; text-style: bold; }
        & > .log--pointer { background: $block-cursor-background; }
        & > .log--selected { background: $block-cursor-background; text-style: bold; }
        & > .log--cut { color: $text-muted; text-style: italic; }
        & > .log--pill { color: $background; background: $text-warning; text-style: bold; }
        & > .log--bar { background: $scrollbar-background; }
        & > .log--thumb { color: $text-muted; background: $scrollbar; }
        & > .log--mark { color: $text-accent; text-style: bold; }
        & > .log--empty { color: $text-muted; }
        & > .log--ansi-0 { color: $text-muted; }
        & > .log--ansi-1 { color: $text-error; }
        & > .log--ansi-2 { color: $text-success; }
        & > .log--ansi-3 { color: $text-warning; }
        & > .log--ansi-4 { color: $text-secondary; }
        & > .log--ansi-5 { color: $text-secondary; }
        & > .log--ansi-6 { color: $text-accent; }
        & > .log--ansi-7 { color: $text; }
    }
    """

    class Moved(Message):
        """What is shown, or how much of it there is, changed."""

    def __init__(self, *, id: str | None = None, rate: int = FOCUSED_RATE) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.model = LogModel()
        self.empty = "No output yet."
        """What is said in place of lines."""
        self._rate = rate
        self._palette: Palette | None = None
        self._frame: Painter | None = None
        self._timer: Timer | None = None
        self._mouse_here = False

    # what others call

    def show(self, path: Path | None, *, origin: float = 0.0, live: bool = True) -> None:
        """Draw a spool from its end on; it need not be there yet. Times count from `origin`."""
        self.model.show(path, origin=origin, live=live)
        self.look_again()
        self.changed()

    def look_again(self) -> None:
        """See how far the spool has grown, and draw what is new of it."""
        if self.size.height and self.model.window.height != self.size.height:
            self.on_resize()  # Textual does not tell of every change while a screen is laid out anew
        if self.model.look():
            self.moved()

    def changed(self) -> None:
        """Draw anew: another mode, pointer or search."""
        self._frame = None
        self.refresh()

    def moved(self) -> None:
        """Draw anew: another place in the log."""
        self.changed()
        self.post_message(self.Moved())

    def reveal(self, number: int) -> None:
        """Bring a line into view and point at it."""
        self.model.reveal(number)
        self.moved()

    def go_to(self, number: int) -> None:
        """Put a line at the top."""
        self.model.window.go_to(self.model.shown.index(number))
        self.moved()

    def scroll_rows(self, rows: int) -> None:
        """Down, or up where it is negative."""
        self.model.window.scroll(rows)
        self.moved()

    def scroll_columns(self, columns: int) -> None:
        """To the right, or the left where it is negative."""
        self.model.scroll_columns(columns)
        self.changed()

    def follow(self) -> None:
        """To the end, and stay there."""
        self.model.pointer = None
        self.model.window.follow()
        self.moved()

    # life

    def on_mount(self) -> None:
        """Begin to poll."""
        self._timer = self.set_interval(1 / self._rate, self._tick)

    def on_unmount(self) -> None:
        """Give the files back."""
        self.model.reader.close()

    def on_show(self) -> None:
        """Visible again."""
        if self._timer is not None:
            self._timer.resume()
        self.look_again()

    def on_hide(self) -> None:
        """A hidden view costs nothing; the spool grows without it."""
        if self._timer is not None:
            self._timer.pause()

    def _tick(self) -> None:
        if self.screen.is_current:
            self.look_again()

    def on_resize(self) -> None:
        """Another window onto the same place."""
        self.model.resize(self.size.width - BAR, self.size.height)
        self.changed()

    def notify_style_update(self) -> None:
        """Another theme, or focus: styles are looked up anew."""
        self._palette = self._frame = None
        super().notify_style_update()

    # mouse

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three rows up; with shift, to the left."""
        self._wheel(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three rows down; with shift, to the right."""
        self._wheel(event, 1)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """To the left."""
        event.stop()
        self.scroll_columns(-4)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """To the right."""
        event.stop()
        self.scroll_columns(4)

    def _wheel(self, event: events.MouseEvent, sign: int) -> None:
        event.stop()
        if event.shift:
            self.scroll_columns(8 * sign)
        else:
            self.scroll_rows(3 * sign)

    def on_click(self, event: events.Click) -> None:
        """Point at a line; on the bar: go there."""
        model = self.model
        if event.x >= self.size.width - BAR:
            model.window.go_to(model.window.count * event.y // max(1, self.size.height))
            self.moved()
            return
        rows = model.window.rows()
        if event.y < len(rows) and self.text_selection is None:
            number = model.shown.number(rows[event.y].index)
            model.pointer = None if model.pointer == number else number
            self.changed()

    def on_enter(self) -> None:
        """The mouse may begin to select: rows now carry their places in the text."""
        self._mouse_here = True
        self.changed()

    def on_leave(self) -> None:
        """Rows are drawn cheaply again."""
        self._mouse_here = False

    def selection_updated(self, selection: Selection | None) -> None:
        """What is being selected does not scroll away."""
        if selection is not None:
            self.model.window.stay()
        self.changed()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, whole lines where they are wrapped or cut on the screen."""
        shown = self.model.shown
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else len(shown) - 1
        last = min(last, len(shown) - 1, first + _MOST_COPIED - 1)
        texts = []
        for index in range(first, last + 1):
            if span := selected(selection, index):
                text = self.model.text_of(shown.number(index))
                texts.append(text[span[0] : None if span[1] < 0 else span[1]])
        return "\n".join(texts), "\n"

    # drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a region. Without border and padding, Textual's cache of them would only cost."""
        filters = self.get_line_filters()
        background = self.background_colors[1]
        strips = []
        for y in crop.line_range:
            strip = self.render_line(y)
            for each in filters:
                strip = strip.apply_filter(each, background)
            strips.append(strip.crop(crop.x, crop.right) if crop.width < self.size.width else strip)
        return strips

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        if self._palette is None:
            self._palette = Palette(self)
        if self._frame is None:
            self._frame = Painter(self.model, self._palette, self.text_selection, self.empty)
        return self._frame.strip(y, selectable=self._mouse_here)
