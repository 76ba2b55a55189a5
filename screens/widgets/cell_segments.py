"""A field of a table as styled text of just the width of its column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from screens.tables.layout import Placed
from screens.tables.row_filter import Span


def cell_segments(
    text: str, placed: Placed, style: Style, match: Style, spans: Sequence[Span]
) -> Iterator[Segment]:
    """Cut or padded to the column's width, with what the filter found in another style."""
    width = placed.width
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        text = set_cell_size(text, width - 1).rstrip() + "…" if width > 1 else "…"
        length = cell_len(text)
    padding = Segment(" " * (width - length), style)
    if placed.column.right:
        yield padding
    at = 0
    for start, end in spans:
        if start >= len(text):
            break
        yield Segment(text[at:start], style)
        yield Segment(text[start:end], match)
        at = end
    yield Segment(text[at:], style)
    if not placed.column.right:
        yield padding
