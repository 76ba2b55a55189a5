"""Draws the rows of a log view, with its bar and the follow pill."""

from __future__ import annotations

from rich.segment import Segment
from textual.selection import Selection
from textual.strip import Strip

from screens.widgets.log.bar import is_mark, is_thumb, pill
from screens.widgets.log.drawing import Emphasis, Look, row
from screens.widgets.log.model import LogModel
from screens.widgets.log.palette import Palette
from screens.widgets.log.window import Row

BAR = 1
"""Cells of the bar at the right."""


class Painter:
    """Draws one frame of a model: made anew whenever anything in it changes."""

    def __init__(
        self, model: LogModel, palette: Palette, selection: Selection | None, empty: str
    ) -> None:
        self._model = model
        self._palette = palette
        self._selection = selection
        self._empty = empty
        self._rows = model.window.rows()
        pattern = model.search.pattern if model.search else None
        self._look = Look(palette, model.times, model.origin, pattern)
        self._pill = pill(model.window, live=model.live)

    def strip(self, y: int, *, selectable: bool) -> Strip:
        """Row `y` of the screen; if it is selectable it carries the places of its characters."""
        model, palette = self._model, self._palette
        if y < len(self._rows):
            place = self._rows[y]
            rest = palette.base + palette["pointer"] if self._pointed(place) else palette.base
            strip = self._row(place).adjust_cell_length(model.width, rest)
            if selectable:
                strip = strip.apply_offsets(self._first(place) - self._look.indent, place.index)
        else:
            empty = not self._rows and y == min(1, model.window.height - 1)
            text = f"  {self._empty}" if empty else ""
            strip = Strip([Segment(text, palette.base + palette["empty"])])
            strip = strip.adjust_cell_length(model.width, palette.base)
        if y == model.window.height - 1 and 0 < len(self._pill) <= model.width:
            left = strip.crop(0, model.width - len(self._pill))
            strip = Strip.join([left, Strip([Segment(self._pill, palette["pill"])])])
        return Strip.join([strip, self._bar(y)])

    def _row(self, place: Row) -> Strip:
        model, look = self._model, self._look
        line = model.line(place.index)
        emphasis = Emphasis(
            pointer=self._pointed(place), selected=selected(self._selection, place.index)
        )
        room = model.text_width
        if model.wrap:
            begin, end = model.part(place.index, place.part)
            return row(line, look, emphasis, begin, end, place.part == 0)
        if line.text.isascii():
            return row(line, look, emphasis, model.left, model.left + room, first=True)
        strip = row(line, look, emphasis, 0, None, first=True)
        begin = look.indent + model.left
        return Strip.join([strip.crop(0, look.indent), strip.crop(begin, begin + room)])

    def _pointed(self, place: Row) -> bool:
        pointer = self._model.pointer
        return pointer is not None and self._model.shown.number(place.index) == pointer

    def _first(self, place: Row) -> int:
        """The first character of the line in a row."""
        model = self._model
        if model.wrap:
            return model.part(place.index, place.part)[0]
        starts = model.line(place.index).starts(model.left) if model.left else [0]
        return starts[min(1, len(starts) - 1)]

    def _bar(self, y: int) -> Strip:
        model, palette = self._model, self._palette
        thumb = is_thumb(model.window, y)
        style = palette["thumb" if thumb else "bar"]
        if is_mark(model.window, model.shown, model.search, y):
            return Strip([Segment("◆", style + palette["mark"])])
        return Strip([Segment("┃" if thumb else " ", style)])


def selected(selection: Selection | None, index: int) -> tuple[int, int] | None:
    """The characters that are selected of the line shown at `index`; an end of -1 is its end."""
    span = selection.get_span(index) if selection else None
    return span and (max(0, span[0]), span[1] if span[1] == -1 else max(0, span[1]))
