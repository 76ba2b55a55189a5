"""The outline: a line for each part of the template, in the order in which a build uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from screens.build.look import BREAKPOINT
from screens.compose.delegating import Delegates
from screens.compose.outline_lines import Line, lines_of
from screens.compose.reading import Part, Reading
from screens.tables.cell import clean
from screens.template_stops import NOWHERE, Places


class Outline(Delegates, ScrollView, can_focus=True, inherit_bindings=False):
    """Draws a reading's parts; the screen tells it which are wrong."""

    CONTEXTS = ("compose.outline",)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"outline--{name}"
        for name in ("heading", "cursor", "detail", "off", "bad", "warn", "accent", "kind")
    }
    DEFAULT_CSS = """
    Outline {
        width: 28;
        border-right: solid $panel;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        & > .outline--heading { color: $text-muted; text-style: bold; }
        & > .outline--cursor { background: $block-cursor-blurred-background; }
        &:focus > .outline--cursor { background: $block-cursor-background; text-style: bold; }
        & > .outline--detail { color: $text-muted; }
        & > .outline--off { color: $text-muted; text-style: strike; }
        & > .outline--bad { color: $text-error; }
        & > .outline--warn { color: $text-warning; }
        & > .outline--accent { color: $text-accent; }
        & > .outline--kind { color: $text-secondary; }
    }
    """

    class Moved(Message):
        """Another part is selected."""

    class Opened(Message):
        """A part was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self._marks: Mapping[str, str] = {}
        self._stops: Mapping[str, Places] = {}
        self._selected = ""
        self._styles_by_name: dict[str, Style] = {}

    @property
    def selected(self) -> str:
        """Id of the selected part; empty if there is none."""
        return self._selected

    def show(
        self, reading: Reading, marks: Mapping[str, str], stops: Mapping[str, Places] | None = None
    ) -> None:
        """Draw other parts; by their ids `marks` has `error` or `warning`, `stops` where breakpoints are."""
        number = self._number
        lines = list(lines_of(reading))
        width = self.size.width
        drawn = (lines, marks, stops or {}, width)
        if drawn == (self._lines, self._marks, self._stops, self.virtual_size.width):
            return
        self._lines, self._marks, self._stops, _ = drawn
        self.virtual_size = Size(width, len(self._lines))
        if reading.part(self._selected) is None:
            parts = [line.part for line in self._lines[: number + 1] if line.part is not None]
            parts = parts or list(reading.parts[:1])
            self._select(parts[-1].id if parts else "")
        self.refresh()

    def select(self, id_: str) -> None:
        """Put the cursor on a part."""
        if any(line.part is not None and line.part.id == id_ for line in self._lines):
            self._select(id_)

    def _select(self, id_: str) -> None:
        if id_ == self._selected:
            return
        self._selected = id_
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if not top <= self._number < top + height:
            self.scroll_to(y=max(0, self._number - height // 2), animate=False)
        self.refresh()
        self.post_message(self.Moved())

    @property
    def _number(self) -> int:
        """The line of the selected part."""
        for number, line in enumerate(self._lines):
            if line.part is not None and line.part.id == self._selected:
                return number
        return 0

    def do_up(self) -> None:
        """The part above."""
        self._step(-1)

    def do_down(self) -> None:
        """The part below."""
        self._step(1)

    def _step(self, by: int) -> None:
        ids = [line.part.id for line in self._lines if line.part is not None]
        if self._selected in ids:
            self._select(ids[max(0, min(len(ids) - 1, ids.index(self._selected) + by))])

    def on_click(self, event: events.Click) -> None:
        """The part that was clicked."""
        place = event.get_content_offset(self)
        number = -1 if place is None else place.y + self.scroll_offset.y
        if 0 <= number < len(self._lines):
            part = self._lines[number].part
            if part is not None:
                self._select(part.id)
                if event.chain == 2:
                    self.post_message(self.Opened())

    def on_resize(self) -> None:
        """Wider or narrower."""
        self.virtual_size = Size(self.size.width, len(self._lines))

    def notify_style_update(self) -> None:
        """Another theme: styles are looked up anew."""
        self._styles_by_name.clear()
        super().notify_style_update()

    def _style(self, name: str) -> Style:
        style = self._styles_by_name.get(name)
        if style is None:
            style = self.get_component_rich_style(f"outline--{name}", partial=True)
            self._styles_by_name[name] = style
        return style

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        base = self.rich_style
        if number >= len(self._lines):
            return Strip.blank(width, base)
        line = self._lines[number]
        if line.part is None:
            style = self._style("heading" if line.text.isupper() else "detail")
            segments: Sequence[Segment] = [
                Segment(f"  {line.text}", base + style),
                Segment(
                    _fit(clean(line.detail), width - cell_len(line.text) - 2),
                    base + self._style("detail"),
                ),
            ]
        else:
            segments = list(self._part(line, line.part, width))
            base = self._base(line.part)
        return Strip(segments).adjust_cell_length(width, base)

    def _base(self, part: Part) -> Style:
        here = part.id == self._selected
        return self.rich_style + (self._style("cursor") if here else Style.null())

    def _part(self, line: Line, part: Part, width: int) -> Iterator[Segment]:
        base = self._base(part)
        mark = self._marks.get(part.id, "")
        stop = _stop(self._stops.get(part.id, NOWHERE))
        room = width - 2 - (2 if mark else 1) - cell_len(stop)
        cursor = "›" if part.id == self._selected else " "
        yield Segment(f"{cursor} ", base + self._style("accent"))
        title = clean(part.title)
        detail = clean(part.detail) if part.enabled else "off"
        yield Segment(line.prefix, base + self._style("detail"))
        room -= cell_len(line.prefix)
        text = _fit(title, room)
        own = self._style("off") if not part.enabled else Style.null()
        if line.prefix.strip() and part.enabled:
            own = self._style("kind")
        yield Segment(text, base + own)
        room -= cell_len(text)
        tail = _fit(detail, room - 2) if room > 4 else ""
        yield Segment(f"  {tail}" if tail else "", base + self._style("detail"))
        room -= cell_len(tail) + 2 if tail else 0
        if stop:
            style = self._style("warn" if part.enabled else "detail")
            yield Segment(" " * max(0, room) + stop, base + style)
            room = 0
        if mark:
            glyph, name = ("✗", "bad") if mark == "error" else ("!", "warn")
            yield Segment(" " * max(0, room) + f" {glyph}", base + self._style(name))


def _stop(places: Places) -> str:
    """Breakpoints of a step as they stand behind it: glyph and word."""
    if not places:
        return ""
    word = "both" if len(places) > 1 else "after" if "after" in places else "break"
    return f" {BREAKPOINT} {word}"


def _fit(text: str, room: int) -> str:
    if cell_len(text) <= room:
        return text
    return set_cell_size(text, room - 1).rstrip() + "…" if room > 1 else ""
