"""Another size for a screen: lines that were wrapped are wrapped anew, and nothing at the right is lost."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

from screens.widgets.terminal.cells import cell, is_wide
from screens.widgets.terminal.lines import Kept, Row, Run, pack
from screens.widgets.terminal.look import PLAIN, Look
from screens.widgets.terminal.screen import Screen

LAID_ANEW = 1000
"""Rows that have scrolled away and are wrapped anew; older ones stay as they are, as each takes its time."""

_Cells = list[tuple[str, Look]]


class _Laid(NamedTuple):
    """All rows, and where the screen's first row and its cursor are among them."""

    rows: list[Kept]
    top: int
    cursor: int
    column: int


def resize(screen: Screen, columns: int, rows: int) -> None:
    """Gives a screen another size; the line of the cursor stays in sight."""
    if (columns, rows) == (screen.columns, screen.rows):
        return
    old_columns, old_rows = screen.columns, screen.rows
    screen.columns, screen.rows = columns, rows
    screen.top, screen.bottom = 0, rows - 1
    screen.tabs.update(each for each in range(8, columns, 8) if each >= old_columns)
    if screen.alternate is None:
        pending = screen.pending
        x, y = _resize_main(screen, screen.x, screen.y, old_columns, old_rows)
        screen.move(x, y)
        screen.pending = pending and screen.x == columns - 1
    else:
        saved = screen.main.saved
        x, y = _resize_main(screen, saved.x, saved.y, old_columns, old_rows)
        screen.main.saved = replace(saved, x=x, y=min(y, rows - 1), pending=False)
        lines = screen.alternate.lines
        del lines[rows:]
        for row in lines:
            row.resize(columns)
        lines += [Row(columns) for _ in range(rows - len(lines))]
        screen.move(screen.x, screen.y)
    screen.lines = screen.buffer.lines
    screen.dirty.clear()
    screen.all_dirty()


def _resize_main(
    screen: Screen, x: int, y: int, old_columns: int, old_rows: int
) -> tuple[int, int]:
    """Lays the main screen and what scrolled away from it anew; returns where its cursor is then."""
    columns, rows = screen.columns, screen.rows
    packed = [pack(row) for row in screen.main.lines]
    y = min(y, len(packed) - 1)
    used = max([n for n, row in enumerate(packed) if row.runs or row.wrapped], default=0)
    used = max(used, y)
    older, top = _parted(screen.kept)
    everything = [*map(pack, islice(screen.kept, older, None)), *packed[: used + 1]]
    laid = _Laid(everything, top, top + y, x)
    if columns != old_columns:
        laid = _wrapped_anew(laid, columns, old_columns)
    last = len(laid.rows) - 1
    start = laid.top
    if used == old_rows - 1 or last - start >= rows:
        start = max(0, last - rows + 1)
    start = min(start, laid.cursor)
    limit = screen.kept.maxlen or 0
    screen.gone += max(0, older + start - limit)
    screen.kept = deque([*islice(screen.kept, older), *laid.rows[:start]], maxlen=limit)
    lines = [_unpacked(row, columns) for row in laid.rows[start : start + rows]]
    screen.main.lines = lines + [Row(columns) for _ in range(rows - len(lines))]
    return laid.column, min(laid.cursor - start, rows - 1)


def _parted(kept: deque[Row | Kept]) -> tuple[int, int]:
    """How many rows stay as they are, and how many behind them do not."""
    older = max(0, len(kept) - LAID_ANEW)
    while older and kept[older - 1].wrapped and older > len(kept) - 2 * LAID_ANEW:
        older -= 1
    return older, len(kept) - older


def _wrapped_anew(laid: _Laid, columns: int, old_columns: int) -> _Laid:
    """Every line at the new width."""
    done: list[Kept] = []
    top = cursor = column = 0
    at = 0
    while at < len(laid.rows):
        end = at
        while end + 1 < len(laid.rows) and laid.rows[end].wrapped:
            end += 1
        group = laid.rows[at : end + 1]
        if at == end and not laid.rows[at].wrapped and _width(group[0]) <= columns:
            places = [0]
            pieces = group
        elif all(run.text.isascii() for row in group for run in row.runs):
            pieces, places = _split_ascii([run for row in group for run in row.runs], columns)
        else:
            cells = [pair for row in group for pair in _cells_of(row)]
            pieces, places = _split(cells, columns)
        for number in range(at, end + 1):
            offset = (number - at) * old_columns
            if number == laid.top:
                top = len(done) + _piece(places, offset)
            if number == laid.cursor:
                offset += laid.column
                piece = _piece(places, offset)
                # Behind the text there may be more than a row of blanks.
                more, column = divmod(offset - places[piece], columns)
                pieces = pieces + [Kept((), False)] * (more if piece == len(places) - 1 else 0)
                cursor = len(done) + piece + (more if piece == len(places) - 1 else 0)
        done += pieces
        at = end + 1
    return _Laid(done, top, cursor, column)


def _piece(places: list[int], offset: int) -> int:
    """The piece in which a cell of the line is."""
    return max(n for n, place in enumerate(places) if place <= offset)


def _split_ascii(runs: list[Run], columns: int) -> tuple[list[Kept], list[int]]:
    """As `_split`, for characters of one column each, of which a line may have many."""
    while runs and runs[-1].look is PLAIN:
        text = runs.pop().text.rstrip(" ")
        if text:
            runs.append(Run(text, PLAIN))
            break
    rows: list[Kept] = []
    piece: list[Run] = []
    room = columns
    for text, look in runs:
        while len(text) > room:
            piece.append(Run(text[:room], look))
            text, room = text[room:], columns
            rows.append(Kept(tuple(run for run in piece if run.text), True))
            piece = []
        piece.append(Run(text, look))
        room -= len(text)
    rows.append(Kept(tuple(piece), False))
    return rows, list(range(0, len(rows) * columns, columns))


def _split(cells: _Cells, columns: int) -> tuple[list[Kept], list[int]]:
    """A line in rows, and the cell with which each begins; no wide character is cut."""
    while cells and cells[-1] == (" ", PLAIN):
        cells.pop()
    rows: list[Kept] = []
    places: list[int] = []
    at = 0
    while True:
        end = at + columns
        if end < len(cells) and not cells[end][0]:
            end -= 1
        more = end < len(cells)
        piece = cells[at:end]
        piece += [(" ", PLAIN)] * (columns - len(piece) if more else 0)
        runs = tuple(
            Run("".join([text for text, _ in group]), look)
            for look, group in groupby(piece, itemgetter(1))
        )
        rows.append(Kept(runs, more))
        places.append(at)
        at = end
        if not more:
            return rows, places


def _width(row: Kept) -> int:
    return sum(
        len(run.text) if run.text.isascii() else len(_cells_of(Kept((run,), False)))
        for run in row.runs
    )


def _cells_of(row: Kept) -> _Cells:
    cells: _Cells = []
    for text, look in row.runs:
        if text.isascii():
            cells += [(character, look) for character in text]
            continue
        for character in text:
            width = cell(character)[1]
            if width > 0:
                cells += [(character, look), ("", look)][:width]
            elif cells:
                at = -1 if cells[-1][0] else -2
                cells[at] = (cells[at][0] + character, cells[at][1])
    return cells


def _unpacked(kept: Kept, columns: int) -> Row:
    row = Row(columns)
    cells = list(islice(_cells_of(kept), columns))
    row.cells[: len(cells)] = [text for text, _ in cells]
    if any(look is not PLAIN for _, look in cells):
        row.plain = False
        row.looks = [look for _, look in cells] + [PLAIN] * (columns - len(cells))
    row.wide = any(is_wide(text) for text, _ in cells if text)
    row.wrapped = kept.wrapped
    row.mend()
    return row
