"""Fields of a row as styled text of just the width of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from screens.tables.layout import Placed
from screens.tables.row_filter import Span

Piece = tuple[str, Style]
"""Text and its style; `joined` tells styles apart by identity."""


def field_pieces(
    text: str, placed: Placed, blank: Style, style: Style, match: Style, spans: Sequence[Span]
) -> Iterator[Piece]:
    """Cut or padded to the column's width with its gap, what the filter found in another style."""
    width = placed.width
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        text = set_cell_size(text, width - 1).rstrip() + "…" if width > 1 else "…"
        length = cell_len(text)
    padding = " " * (width - length)
    if placed.column.right:
        yield padding, blank
    at = 0
    for start, end in spans:
        if start >= len(text):
            break
        yield text[at:start], style
        yield text[start:end], match
        at = end
    yield text[at:], style
    if not placed.column.right:
        yield padding, blank
    yield " " * placed.gap, blank


def joined(pieces: Iterable[Piece]) -> Iterator[Segment]:
    """As few segments as their styles allow: a terminal is painted segment by segment."""
    whole: list[str] = []
    current: Style | None = None
    for text, style in pieces:
        if not text:
            continue
        if style is not current and whole:
            yield Segment("".join(whole), current)
            whole.clear()
        current = style
        whole.append(text)
    if whole:
        yield Segment("".join(whole), current)
