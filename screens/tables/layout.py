"""Which columns find room, and how wide each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screens.tables.cell import Column

_GAP = 2
"""Blanks between two columns."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A column on screen."""

    column: Column
    x: int
    width: int
    gap: int
    """Blanks behind it."""


def place(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[Placed]:
    """Columns for `room` cells.

    All at the width of their widest field if that fits; else the widest are cut, down to their
    minimum; else the columns of the least importance (greatest number) go, the rightmost first.
    """
    kept = list(range(len(columns)))
    full = [max(widths[i], len(columns[i].title) + 1) for i in kept]
    least = [min(full[i], max(columns[i].minimum, len(columns[i].title))) for i in kept]
    while kept:
        spare = room - sum(full[i] for i in kept) - _GAP * (len(kept) - 1)
        loss = {i: full[i] - least[i] for i in kept}
        if spare >= 0 or sum(loss.values()) >= -spare or len(kept) == 1:
            return _placed(columns, _cut(full, kept, loss, -spare))
        kept.remove(max(kept, key=lambda i: (columns[i].priority, i)))
    return []


def _cut(full: list[int], kept: list[int], loss: dict[int, int], missing: int) -> dict[int, int]:
    widths = {i: full[i] for i in kept}
    while missing > 0:
        widest = max(kept, key=lambda i: widths[i] if loss[i] else 0)
        if not loss[widest]:
            widths[kept[-1]] = max(1, widths[kept[-1]] - missing)
            break
        widths[widest] -= 1
        loss[widest] -= 1
        missing -= 1
    return widths


def _placed(columns: Sequence[Column], widths: dict[int, int]) -> list[Placed]:
    placed: list[Placed] = []
    x = 0
    for i, width in widths.items():
        gap = _GAP if i != max(widths) else 0
        placed.append(Placed(columns[i], x, width, gap))
        x += width + gap
    return placed
