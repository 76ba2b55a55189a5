"""The table of resources: draws the rows on screen and no others, so 100,000 rows feel like ten."""

from __future__ import annotations

from textwrap import wrap
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from screens.acting import Acts
from screens.tables.layout import Placed, place
from screens.tables.model import Order, TableModel
from screens.widgets.cell_segments import Piece, field_pieces, joined
from screens.widgets.scrolling import Scrolling

_GUTTER = 3
"""Columns at the left: a blank, the cursor, the mark."""
_HEADER = 1
"""Lines at the top that do not scroll."""


class ResourceTable(Acts, Scrolling, can_focus=True, inherit_bindings=False):
    """Draws a `TableModel`; whoever changes the model calls `show` or `model_changed`."""

    CONTEXTS = ("table",)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--heading",
        "table--sorted",
        "table--cursor",
        "table--match",
        "table--empty",
        "table--good",
        "table--busy",
        "table--warn",
        "table--bad",
        "table--muted",
        "table--accent",
    }
    DEFAULT_CSS = """
    ResourceTable {
        height: 1fr;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        & > .table--heading { color: $text-muted; text-style: bold; }
        & > .table--sorted { color: $text-accent; text-style: bold; }
        & > .table--cursor { background: $block-cursor-blurred-background; }
        &:focus > .table--cursor { background: $surface-lighten-2; text-style: bold; }
        & > .table--match { color: $text-accent; text-style: bold underline; }
        & > .table--empty { color: $text-muted; }
        & > .table--good { color: $text-success; }
        & > .table--busy { color: $text-secondary; }
        & > .table--warn { color: $text-warning; }
        & > .table--bad { color: $text-error; }
        & > .table--muted { color: $text-muted; }
        & > .table--accent { color: $text-accent; }
    }
    """

    class CursorMoved(Message):
        """Another row is under the cursor, or its data changed."""

    class Opened(Message):
        """Enter or a double click on a row."""

    def __init__(self, model: TableModel[Any]) -> None:
        super().__init__()
        self.model = model
        self.empty: tuple[str, ...] = ()
        """What is said in place of rows: sentences that name the next key."""
        self._styles_by_class: dict[str, Style] = {}
        self._base = Style.null()
        self._looks: dict[tuple[bool, str], tuple[Style, Style]] = {}
        """Style of a field and of what the filter found in it, by cursor and tone."""
        self._placed: list[Placed] = []
        self._announced: object = None

    # what others call

    def show(self, model: TableModel[Any]) -> None:
        """Draw another model, with its own cursor, filter and place."""
        self.model = model
        self.model_changed()
        self.scroll_to(y=model.top, animate=False, force=True)

    def model_changed(self) -> None:
        """Rows, filter or order changed."""
        self._lay_out()
        self._follow_cursor()
        self.refresh()

    def move(self, index: int) -> None:
        """Put the cursor on the row shown at `index`."""
        before = self.model.cursor
        self.model.cursor = index
        self._follow_cursor()
        for line in {before, self.model.cursor}:  # scrolling draws all lines by itself
            self.refresh_line(line + _HEADER)

    # actions

    def do_up(self) -> None:
        """One row up."""
        self.move(self.model.cursor - 1)

    def do_down(self) -> None:
        """One row down."""
        self.move(self.model.cursor + 1)

    def do_page_up(self) -> None:
        """One screenful up."""
        self.move(self.model.cursor - self._page)

    def do_page_down(self) -> None:
        """One screenful down."""
        self.move(self.model.cursor + self._page)

    def do_top(self) -> None:
        """The first row."""
        self.move(0)

    def do_bottom(self) -> None:
        """The last row."""
        self.move(len(self.model.shown) - 1)

    def do_sort(self) -> None:
        """Sort by the next column on screen; behind the last comes the first."""
        ids = [placed.column.id for placed in self._placed]
        here = ids.index(self.model.order.column) if self.model.order.column in ids else -1
        self._order(Order(ids[(here + 1) % len(ids)]))

    def do_reverse(self) -> None:
        """Turn the order round; rows without an order are sorted by the first column."""
        column = self.model.order.column or self.model.columns[0].id
        self._order(Order(column, not self.model.order.descending))

    def do_mark(self) -> None:
        """Mark the row under the cursor and go to the next one."""
        if self.model.shown:
            self.model.toggle_mark(self.model.shown[self.model.cursor])
            self.do_down()

    def _order(self, order: Order) -> None:
        self.model.set_order(order)
        self.model_changed()

    # mouse and size

    def on_click(self, event: events.Click) -> None:
        """A heading sorts, a row takes the cursor, a second click opens it."""
        y = event.get_content_offset(self)
        if y is None:
            return
        if y.y < _HEADER:
            self._click_heading(y.x)
            return
        index = y.y - _HEADER + self.scroll_offset.y
        if index < len(self.model.shown):
            self.move(index)
            if event.chain == 2:
                self.post_message(self.Opened())

    def _click_heading(self, x: int) -> None:
        for placed in self._placed:
            if placed.x <= x - _GUTTER < placed.x + placed.width:
                order = self.model.order
                again = order.column == placed.column.id
                self._order(Order(placed.column.id, again and not order.descending))

    def on_resize(self) -> None:
        """Other columns may fit now."""
        self.model_changed()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember the place for the next visit."""
        super().watch_scroll_y(old_value, new_value)
        self.model.top = round(new_value)

    def notify_style_update(self) -> None:
        """Another theme: styles are looked up anew."""
        self._styles_by_class.clear()
        super().notify_style_update()

    # drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines of the screen; what they share is looked up once, not once a line."""
        self._base = self.rich_style
        self._looks.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the headings, a row, or what is said where no rows are."""
        width = self.scrollable_content_region.width
        if y < _HEADER:
            return self._heading(width)
        index = y - _HEADER + self.scroll_offset.y
        if index < len(self.model.shown):
            return self._row(index, width)
        line = y - _HEADER - 1
        said = () if self.model.shown else self._said(width - 2 * _GUTTER)
        text = said[line] if 0 <= line < len(said) else ""
        segments = [Segment(" " * _GUTTER + text, self._base + self._style("empty"))]
        return Strip(segments).adjust_cell_length(width, self._base)

    def _heading(self, width: int) -> Strip:
        base = self._base
        segments = [Segment(" " * _GUTTER, base)]
        for placed in self._placed:
            order = self.model.order
            here = order.column == placed.column.id
            title = placed.column.title
            if here and len(title) + 1 <= placed.width:
                title += "▼" if order.descending else "▲"
            title = title[: placed.width]
            padded = title.rjust(placed.width) if placed.column.right else title.ljust(placed.width)
            segments.append(Segment(padded, base + self._style("sorted" if here else "heading")))
            segments.append(Segment(" " * placed.gap, base))
        return Strip(segments).adjust_cell_length(width, base)

    def _row(self, index: int, width: int) -> Strip:
        model = self.model
        key, row = model.shown[index], model.at(index)
        cursor = index == model.cursor
        blank = self._look(cursor, "")[0]
        pieces: list[Piece] = [
            (f" {'›' if cursor else ' '}", self._look(cursor, "accent")[0] if cursor else blank),
            ("*", self._look(cursor, "warn")[0]) if key in model.marks else (" ", blank),
        ]
        for placed in self._placed:
            cell = placed.column.field(row)
            style, match = self._look(cursor, cell.tone)
            spans = model.filter.spans(placed.column.id, cell.text) if model.filter else []
            pieces += field_pieces(cell.text, placed, blank, style, match, spans)
        length = _GUTTER + sum(placed.width + placed.gap for placed in self._placed)
        return Strip(joined(pieces), length).adjust_cell_length(width, blank)

    def _said(self, width: int) -> list[str]:
        """What is said in place of rows, in lines that fit."""
        return [line for text in self.empty for line in wrap(text, max(8, width)) or [""]]

    def _look(self, cursor: bool, tone: str) -> tuple[Style, Style]:
        look = self._looks.get((cursor, tone))
        if look is None:
            style = self._base
            for name in ("cursor" * cursor, tone):
                style += self._style(name) if name else Style.null()
            look = self._looks[cursor, tone] = (style, style + self._style("match"))
        return look

    def _style(self, name: str) -> Style:
        style = self._styles_by_class.get(name)
        if style is None:
            style = self.get_component_rich_style(f"table--{name}", partial=True)
            self._styles_by_class[name] = style
        return style

    @property
    def _page(self) -> int:
        return max(1, self.scrollable_content_region.height - _HEADER - 1)

    def _lay_out(self) -> None:
        height = len(self.model.shown) + _HEADER
        self.virtual_size = Size(self.size.width, height)
        bar = 1 if height > self.size.height else 0
        width = self.size.width - bar - _GUTTER - 1  # a blank at the right end
        self._placed = place(self.model.columns, self.model.widths, width)

    def _follow_cursor(self) -> None:
        rows = max(1, self.size.height - _HEADER)
        index, top = self.model.cursor, self.scroll_offset.y
        if index < top:
            self.scroll_to(y=index, animate=False, force=True)
        elif index >= top + rows:
            self.scroll_to(y=index - rows + 1, animate=False, force=True)
        if self._announced is not self.model.current:
            self._announced = self.model.current
            self.post_message(self.CursorMoved())
