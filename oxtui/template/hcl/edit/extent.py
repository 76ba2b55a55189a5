"""What belongs to an item of a body: its lines, the comment behind it, the comments right above it."""

from __future__ import annotations

from typing import NamedTuple


class Extent(NamedTuple):
    """Whole lines of a text, the last line break included."""

    start: int
    end: int


def line_start(text: str, offset: int) -> int:
    """Where the line of an offset starts."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Where the line of an offset ends, its line break included."""
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1


def indentation(text: str, offset: int) -> str:
    """The blanks at the start of the line of an offset."""
    start = line_start(text, offset)
    line = text[start:offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def newline_of(text: str) -> str:
    """The line break that a text uses."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def lines_of(text: str) -> list[str]:
    """The lines of a text, each with its line break. What else Python calls one is none in HCL."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def rest_of_line(text: str, offset: int) -> str:
    """What follows on the line, without the line break: blanks, and perhaps a comment."""
    return text[offset : line_end(text, offset)].rstrip("\r\n")


def item_end(text: str, end: int) -> int:
    """Where the lines of an item end that itself ends at `end`; a comment may go on behind it."""
    at = line_end(text, end)
    opened = rest_of_line(text, end).rfind("/*")
    if opened >= 0 and "#" not in text[end : end + opened]:
        closed = text.find("*/", end + opened)
        if closed >= at:
            return line_end(text, closed)
    return at


def extent_of(text: str, start: int, end: int, bound: int) -> Extent:
    """The lines of an item from `start` to `end` with its comments; `bound` is where they may begin.

    Comments belong to the item below them if no blank line lies between.
    """
    first = line_start(text, start)
    while first > bound:
        above = line_start(text, first - 1)
        if above < bound:
            break
        line = text[above:first].strip()
        if line.endswith("*/") and not line.startswith(("#", "//")):
            opened = text.rfind("/*", bound, first)
            above = line_start(text, opened)
            if opened < 0 or above < bound or text[above:opened].strip():
                break
        elif not line.startswith(("#", "//")):
            break
        first = above
    return Extent(first, item_end(text, end))
