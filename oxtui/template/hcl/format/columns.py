"""Columns: the equals signs of neighbouring lines stand below each other, and so do their comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.template.hcl.clusters import cluster_count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oxtui.template.hcl.format.lines import FormatToken, Line


def align(lines: Sequence[Line]) -> None:
    """Sets the blanks before each equals sign that starts a cell, then before each last comment."""
    _chains(lines, lambda line: line.assign, lambda line: line.lead)
    _chains(lines, lambda line: line.comment, lambda line: line.lead + line.assign)


def _chains(
    lines: Sequence[Line],
    cell: Callable[[Line], list[FormatToken]],
    before: Callable[[Line], list[FormatToken]],
) -> None:
    chain: list[tuple[FormatToken, int]] = []
    for line in lines:
        if cell(line):
            chain.append((cell(line)[0], _width(before(line))))
        else:
            _pad(chain)
            chain = []
    _pad(chain)


def _pad(chain: list[tuple[FormatToken, int]]) -> None:
    widest = max((width for _, width in chain), default=0)
    for token, width in chain:
        token.spaces = widest - width + 1


def _width(tokens: Sequence[FormatToken]) -> int:
    return sum(token.spaces + cluster_count(token.text) for token in tokens)
