"""Plain tables: aligned columns, one row a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oxtui.logs.cells import text_cells
from oxtui.logs.sanitise import plain


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table; what is empty shows as –, and no line ends with blanks."""
    shown = [headings, *([plain(text) or "–" for text in row] for row in rows)]
    widths = [max(map(text_cells, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = (
            text + " " * (width - text_cells(text)) for text, width in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()
