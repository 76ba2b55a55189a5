"""How one line of a log looks: its gutter and time, its text with colours, hits and selection."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import pairwise

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from oxtui.logs.errors import error_tool
from oxtui.logs.index import Stream
from oxtui.logs.reader import Line
from oxtui.logs.sanitise import SafeText, sanitise
from oxtui.logs.search import Pattern
from screens.widgets.log.palette import Palette

GUTTER = 2
"""Cells at the left: who wrote the line, and a blank."""


class Times(Enum):
    """What stands before each line."""

    OFF = 0
    CLOCK = 9
    """Time of day; the value is the width in cells."""
    SINCE = 10
    """Time since the step began."""


@dataclass(frozen=True)
class DrawnLine:
    """A line made safe, with what every one of its rows needs."""

    line: Line

    @cached_property
    def safe(self) -> SafeText:
        """The text, and a note of what was left out of it."""
        return sanitise(self.line.text)

    @cached_property
    def text(self) -> str:
        """What is drawn."""
        cut = self.line.truncated
        return f"{self.safe.text} …+{size(cut)}" if cut else self.safe.text

    @cached_property
    def is_error(self) -> bool:
        """It looks like an error of a known tool, and has no colours of its own that say so."""
        return not self.safe.spans and error_tool(self.safe.text) is not None

    @cached_property
    def cells(self) -> int:
        """Terminal cells that the text takes."""
        return len(self.text) if self.text.isascii() else cell_len(self.text)

    def starts(self, width: int) -> list[int]:
        """Where (character index) each row begins if the text is wrapped at `width` cells."""
        if self.text.isascii():
            return list(range(0, max(1, len(self.text)), width))
        found, used = [0], 0
        for index, character in enumerate(self.text):
            cells = get_character_cell_size(character)
            if used + cells > width:
                found.append(index)
                used = 0
            used += cells
        return found


@dataclass(frozen=True, slots=True)
class Look:
    """How lines are drawn now; equal for all lines of a frame."""

    palette: Palette
    times: Times
    origin: float
    """Unix seconds from which `Times.SINCE` counts."""
    pattern: Pattern | None = None

    @property
    def indent(self) -> int:
        """Cells before the text."""
        return GUTTER + self.times.value


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What is particular about one line now."""

    pointer: bool = False
    """A search or a click went there, and it will be copied."""
    selected: tuple[int, int] | None = None
    """Characters selected with the mouse; an end of -1 is the line's end."""


def row(
    drawn: DrawnLine, look: Look, emphasis: Emphasis, begin: int, end: int | None, first: bool
) -> Strip:
    """The characters from `begin` to `end` of a line, behind its gutter; `first` of its rows or not."""
    palette = look.palette
    base = palette.base
    if drawn.is_error:
        base += palette["error"]
    elif drawn.line.stream is Stream.OURS:
        base += palette["ours"]
    segments = [*_gutter(drawn.line, look, emphasis, first)]
    segments += styled(drawn.text, base, spans(drawn, look, emphasis), begin, end)
    return Strip(segments)


def spans(drawn: DrawnLine, look: Look, emphasis: Emphasis) -> list[tuple[int, int, Style]]:
    """Which characters are drawn otherwise, the most important last."""
    palette = look.palette
    found = [(0, len(drawn.text), palette["pointer"])] if emphasis.pointer else []
    found += [(span.start, span.end, palette.output(span.style)) for span in drawn.safe.spans]
    if drawn.line.truncated:
        found.append((len(drawn.safe.text), len(drawn.text), palette["cut"]))
    if look.pattern is not None and look.pattern.text:
        style = palette["found" if emphasis.pointer else "match"]
        for match in look.pattern.compiled.finditer(drawn.safe.text):
            if match.end() > match.start():
                found.append((*match.span(), style))
    if emphasis.selected is not None:
        start, end = emphasis.selected
        found.append((start, len(drawn.text) if end < 0 else end, palette["selected"]))
    return found


def styled(
    text: str,
    base: Style,
    over: Sequence[tuple[int, int, Style]],
    begin: int = 0,
    end: int | None = None,
) -> list[Segment]:
    """The characters from `begin` to `end` of a text, its spans laid over `base` in their order."""
    end = len(text) if end is None else min(end, len(text))
    if not over:
        return [Segment(text[begin:end], base)] if begin < end else []
    edges = {begin, end}
    for start, stop, _ in over:
        edges.update(edge for edge in (start, stop) if begin < edge < end)
    ordered = sorted(edges)
    segments = []
    for left, right in pairwise(ordered):
        style = base
        for start, stop, extra in over:
            if start <= left and right <= stop:
                style += extra
        segments.append(Segment(text[left:right], style))
    return segments


def _gutter(line: Line, look: Look, emphasis: Emphasis, first: bool) -> list[Segment]:
    palette = look.palette
    mark, style = {
        Stream.STDOUT: (" ", palette.base),
        Stream.STDERR: ("╎", palette.base + palette["stderr"]),
        Stream.OURS: ("•", palette.base + palette["ours"]),
    }[line.stream]
    if emphasis.pointer:
        mark, style = "›", palette.base + palette["mark"]
    stamp = _stamp(line, look) if first else ""
    return [
        Segment(mark if first or line.stream is Stream.STDERR else " ", style),
        Segment(stamp.ljust(look.indent - 1), palette.base + palette["time"]),
    ]


def _stamp(line: Line, look: Look) -> str:
    if look.times is Times.OFF:
        return ""
    if look.times is Times.CLOCK:
        return " " + time.strftime("%H:%M:%S", time.localtime(line.time))
    return f"{since(max(0.0, line.time - look.origin)):>10}"


def since(seconds: float) -> str:
    """A time since a beginning, as `+4.2s`, `+3:05` or `+1:02:03`."""
    if seconds < 100:
        return f"+{seconds:.1f}s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"+{hours}:{minutes:02}:{rest:02}" if hours else f"+{minutes}:{rest:02}"


def size(count: int) -> str:
    """A number of bytes in the largest unit that leaves a whole number of at most four digits."""
    for unit in ("B", "KB"):
        if count < 10_000:
            return f"{count} {unit}"
        count //= 1024
    return f"{count} MB"
