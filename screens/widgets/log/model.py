"""What a log view shows: the spool, the place in it, the modes. Nothing here knows Textual."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from oxtui.logs.reader import SpoolReader
from oxtui.logs.sanitise import plain
from screens.widgets.log.drawing import GUTTER, DrawnLine, Times
from screens.widgets.log.shown import Scan, ShownLines
from screens.widgets.log.window import LogWindow

_KEPT_LINES = 512
"""Lines kept ready for the next frame."""


class LogModel:
    """One spool at a time, with what is looked for in it and where the operator is."""

    def __init__(self) -> None:
        self.wrap = False
        self.times = Times.OFF
        self.origin = 0.0
        """Unix seconds from which `Times.SINCE` counts."""
        self.left = 0
        """Cells scrolled to the right; kept whatever comes."""
        self.width = 1
        """Cells of a row, without the bar."""
        self.live = True
        """The spool may still grow."""
        self.pointer: int | None = None
        """Number of the line that stands out: where a search or a click went."""
        self.search: Scan | None = None
        self.reader = SpoolReader(Path())
        self.shown = ShownLines(self.reader)
        self.window = LogWindow(self.rows_of)
        self._lines: OrderedDict[int, DrawnLine] = OrderedDict()
        self._known: tuple[object, ...] = ()

    def show(self, path: Path | None, *, origin: float, live: bool) -> None:
        """Another spool, from its end on; it need not be there yet."""
        height = self.window.height
        self.reader.close()
        self.reader = SpoolReader(path or Path())
        self.shown = ShownLines(self.reader)
        self.window = LogWindow(self.rows_of)
        self.window.resize(height)
        self.search = self.pointer = None
        self.origin, self.live = origin, live
        self._lines.clear()
        self._known = ()

    def resize(self, width: int, height: int) -> None:
        """The view has another size."""
        self.width = max(1, width)
        self.window.resize(height)

    def look(self) -> bool:
        """See how far the spool has grown; whether there is anything new."""
        if self.reader.path != Path():
            self.reader.refresh()
        known = self.reader.lines, self.reader.unfinished, len(self.shown)
        if known == self._known:
            return False
        self._known = known
        self.window.grow(len(self.shown))
        return True

    def keep_only(self, kept: Scan | None) -> None:
        """Show the lines that a scan finds, or all again; the line at the top stays where it can."""
        top = self.visible_lines().start
        self.shown = ShownLines(self.reader, kept)
        self.window.grow(len(self.shown))
        if not self.window.following:
            self.window.go_to(self.shown.index(top))

    def reveal(self, number: int) -> None:
        """Bring a line into view and point at it."""
        self.pointer = number
        self.window.reveal(self.shown.index(number))

    def visible_lines(self) -> range:
        """From the number of the first line in view to that of the last."""
        rows = self.window.rows()
        if not rows:
            return range(0)
        return range(self.shown.number(rows[0].index), self.shown.number(rows[-1].index) + 1)

    def set_wrap(self, wrap: bool) -> None:
        """Long lines on several rows, or cut at the edge."""
        self.wrap = wrap
        self.left = 0
        self.window.grow(self.window.count)

    def scroll_columns(self, columns: int) -> None:
        """To the right as far as the longest line in view goes, or to the left."""
        if not self.wrap:
            widest = max((self.line(row.index).cells for row in self.window.rows()), default=0)
            furthest = max(self.left, widest - self.text_width)
            self.left = max(0, min(self.left + columns, furthest))

    def line(self, index: int) -> DrawnLine:
        """The line shown at `index`."""
        number = self.shown.number(index)
        line = self._lines.get(number)
        if line is None:
            line = DrawnLine(self.reader.line(number))
            if not line.line.unfinished:
                self._lines[number] = line
                if len(self._lines) > _KEPT_LINES:
                    self._lines.popitem(last=False)
        return line

    def text_of(self, number: int) -> str:
        """A line whole and without escape codes, by its number in the spool."""
        return plain(self.reader.line(number, limit=None).text)

    @property
    def indent(self) -> int:
        """Cells before the text."""
        return GUTTER + self.times.value

    @property
    def text_width(self) -> int:
        """Cells for the text of a row."""
        return max(1, self.width - self.indent)

    def rows_of(self, index: int) -> int:
        """How many rows the line shown at `index` takes."""
        return len(self.line(index).starts(self.text_width)) if self.wrap else 1

    def part(self, index: int, part: int) -> tuple[int, int | None]:
        """The characters (from, up to) of a row of a wrapped line; None: up to its end."""
        starts = self.line(index).starts(self.text_width)
        begin = starts[min(part, len(starts) - 1)]
        return begin, starts[part + 1] if part + 1 < len(starts) else None
