"""Source code to read: numbered lines, coloured; some of them marked."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from screens.tables.cell import printable
from screens.widgets.code.spans import KINDS, Language, Piece, lines_of


class CodeView(ScrollView, can_focus=False):
    """Draws the lines on screen and no others."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "code--gutter",
        "code--marked",
        "code--bar",
        *(f"code--{kind}" for kind in KINDS),
    }
    DEFAULT_CSS = """
    CodeView {
        scrollbar-size: 1 1;
        & > .code--gutter { color: $text-muted 60%; }
        & > .code--bar { color: $text-accent; }
        & > .code--marked { background: $block-cursor-background; }
        & > .code--comment { color: $text-muted; text-style: italic; }
        & > .code--string { color: $text-success; }
        & > .code--number { color: $text-warning; }
        & > .code--keyword { color: $text-accent; text-style: bold; }
        & > .code--name { color: $text-secondary; }
        & > .code--reference { color: $text-warning; }
        & > .code--mark { color: $text-warning; }
    }
    """

    def __init__(self, language: Language, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self._language: Language = language
        self._lines: list[str] = []
        self._pieces: list[list[Piece]] = []
        self._marked = range(0)
        self._styles_by_kind: dict[str, Style] = {}

    def show(self, text: str, language: Language | None = None) -> None:
        """Show another text, in another language if one is named; the place stays."""
        lines = [printable(line) for line in text.split("\n")]
        spoken = self._language if language is None else language
        if (lines, spoken) == (self._lines, self._language):
            return
        self._language = spoken
        self._lines = lines
        self._pieces = lines_of(text, self._language)
        width = max(map(cell_len, self._lines), default=0) + self._gutter + 1
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def mark(self, lines: range) -> None:
        """Mark some lines, counted from 1, and bring them into sight."""
        if lines != self._marked:
            self._marked = lines
            self.refresh()
        if lines and self.size.height:
            top, height = self.scroll_offset.y, self.size.height
            first, last = lines[0] - 1, min(lines[-1] - 1, lines[0] - 2 + height)
            if first < top or last >= top + height:
                self.scroll_to(y=max(0, first - height // 3), animate=False)

    @property
    def _gutter(self) -> int:
        return len(str(len(self._lines))) + 2

    def notify_style_update(self) -> None:
        """Another theme: styles are looked up anew."""
        self._styles_by_kind.clear()
        super().notify_style_update()

    def _style(self, kind: str) -> Style:
        style = self._styles_by_kind.get(kind)
        if style is None:
            style = self.get_component_rich_style(f"code--{kind}", partial=True)
            self._styles_by_kind[kind] = style
        return style

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width, index = self.size.width, y + self.scroll_offset.y
        base = self.rich_style
        if index >= len(self._lines):
            return Strip.blank(width, base)
        marked = index + 1 in self._marked
        if marked:
            base = base + self._style("marked")
        number = f"{index + 1:>{self._gutter - 2}}"
        segments = [
            Segment(number, base + self._style("bar" if marked else "gutter")),
            Segment("▌ " if marked else "  ", base + self._style("bar")),
        ]
        line, at = self._lines[index], 0
        for start, end, kind in self._pieces[index]:
            segments.append(Segment(line[at:start], base))
            segments.append(Segment(line[start:end], base + self._style(kind)))
            at = end
        segments.append(Segment(line[at:], base))
        left = self.scroll_offset.x
        return Strip(segments).crop(left, left + width).adjust_cell_length(width, base)
