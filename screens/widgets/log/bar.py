"""What is drawn over the rows of a log: its scroll bar with the hits of a search, and the follow pill."""

from __future__ import annotations

from screens.widgets.log.shown import Scan, ShownLines
from screens.widgets.log.window import LogWindow


def is_mark(window: LogWindow, shown: ShownLines, search: Scan | None, y: int) -> bool:
    """Whether the lines that row `y` of the bar stands for hold a hit of the search."""
    count = window.count
    first, end = count * y // window.height, -(-count * (y + 1) // window.height)
    if search is None or not search.lines or first >= count:
        return False
    return search.any_between(shown.number(first), shown.number(min(end, count) - 1) + 1)


def is_thumb(window: LogWindow, y: int) -> bool:
    """Whether row `y` of the bar stands for a part of the log that is on the screen."""
    count = window.count
    if count <= window.height:
        return False
    length = max(1, window.height * window.height // count)
    top = window.top.index * (window.height - length) // max(1, count - window.height)
    return top <= y < top + length


def pill(window: LogWindow, *, live: bool) -> str:
    """What the corner says while a log that may grow is not followed."""
    if window.following or not (live or window.unseen):
        return ""
    if window.unseen:
        return f" ⏸ {window.unseen:,} new — End follows ".replace(",", "\N{NO-BREAK SPACE}")
    return " ⏸ held — End follows "
