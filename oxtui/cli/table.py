"""Plain tables: aligned columns, one row a line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from shutil import get_terminal_size

from oxtui.logs.cells import text_cells
from oxtui.logs.sanitise import plain

NARROWEST = 12
"""Columns of the terminal that a shortened cell keeps."""


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    shortened: str = "",
    width: int | None = None,
) -> Iterator[str]:
    """The lines of a table; what is empty shows as –, and no line ends with blanks.

    Args:
        headings: of the columns.
        rows: one cell a column.
        shortened: the heading of the column whose cells lose their beginning, such as paths, where
            the lines would be longer than `width`.
        width: columns of the terminal; None for one without an end.
    """
    shown = [list(headings), *([plain(text) or "–" for text in row] for row in rows)]
    widths = [max(map(text_cells, column)) for column in zip(*shown, strict=True)]
    over = 0 if width is None else sum(widths) + 2 * (len(widths) - 1) - width
    if shortened and over > 0:
        at = headings.index(shortened)
        widths[at] = max(NARROWEST, widths[at] - over)
        for row in shown:
            row[at] = _end(row[at], widths[at])
    for row in shown:
        padded = (
            text + " " * (cells - text_cells(text)) for text, cells in zip(row, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _end(text: str, cells: int) -> str:
    """The end of a text that is wider than so many columns, behind an ellipsis."""
    if text_cells(text) <= cells:
        return text
    while text_cells(text) > cells - 1:
        text = text[1:]
    return f"…{text}"


def terminal_width() -> int | None:
    """Columns of the terminal that standard output is; None where it is none."""
    return get_terminal_size().columns if sys.stdout.isatty() else None
