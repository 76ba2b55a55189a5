"""A terminal's screen: cells, cursor, margins, and what has scrolled away.

Behaviour is xterm's; where xterm leaves room, tmux's.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from screens.widgets.terminal.cells import (
    BRITISH,
    COMBINED,
    DROPPED,
    MARKS,
    SPECIAL,
    cell,
    narrow,
)
from screens.widgets.terminal.lines import Kept, Row, pack
from screens.widgets.terminal.look import PLAIN, Look, blank

KEPT_ROWS = 5000
_CHARSETS = {"0": SPECIAL, "A": BRITISH}


@dataclass(frozen=True)
class Pen:
    """What DECSC saves."""

    x: int = 0
    y: int = 0
    pending: bool = False
    look: Look = PLAIN
    charsets: tuple[str, ...] = ("B", "B", "B", "B")
    shift: int = 0
    origin: bool = False


@dataclass
class Buffer:
    """The main screen or the alternate one."""

    lines: list[Row]
    saved: Pen = field(default_factory=Pen)


class Screen:
    """Draws, moves, erases and scrolls. Columns and rows count from 0."""

    def __init__(self, columns: int, rows: int, kept: int = KEPT_ROWS) -> None:
        self.columns, self.rows = columns, rows
        self.kept: deque[Row | Kept] = deque(maxlen=kept)
        self.gone = 0
        """Rows that were kept once and are no more."""
        self.main = Buffer(self._blank_lines())
        self.alternate: Buffer | None = None
        self.lines = self.main.lines
        """Rows of the buffer that is shown."""
        self.dirty: set[int] = set()
        """Rows that changed; all of them where `moved` is set."""
        self.moved = False
        self.tabs: set[int] = set(range(8, columns, 8))
        self.autowrap, self.insert, self.origin = True, False, False
        self.x = self.y = 0
        self.pending = False
        """The last column is written: the next character goes to the next row."""
        self.look = PLAIN
        self.charsets: list[str] = ["B", "B", "B", "B"]
        self.shift = 0
        self._translation: dict[int, int] | None = None
        self.top, self.bottom = 0, rows - 1
        self._last = " "

    @property
    def _whole(self) -> bool:
        """All rows scroll."""
        return self.top == 0 and self.bottom == self.rows - 1

    def _blank_lines(self) -> list[Row]:
        return [Row(self.columns) for _ in range(self.rows)]

    @property
    def buffer(self) -> Buffer:
        """The one that is shown."""
        return self.alternate or self.main

    def set_charset(self, number: int, charset: str) -> None:
        """What G0 to G3 hold (SCS)."""
        self.charsets[number] = charset
        self._translation = _CHARSETS.get(self.charsets[self.shift])

    def set_shift(self, shift: int) -> None:
        """Which of them is used."""
        self.shift = shift
        self._translation = _CHARSETS.get(self.charsets[shift])

    def all_dirty(self) -> None:
        """Everything is to be drawn again."""
        self.moved = True

    # text

    def draw(self, text: str) -> None:
        """Text at the cursor, as its modes say."""
        if self._translation is not None:
            text = text.translate(self._translation)
        if not narrow.issuperset(text):
            self._draw_each(text)
            return
        self._last = text[-1]
        end = self.x + len(text)
        if end > self.columns or self.pending or self.insert:
            self._draw_long(text)
            return
        self._write(self.x, end, text)
        if end < self.columns:
            self.x = end
        else:
            self._advance(end)

    def _write(self, start: int, end: int, text: str) -> None:
        row, look = self.lines[self.y], self.look
        row.cells[start:end] = text
        if look is not PLAIN or not row.plain:
            row.set_looks(start, end, look)
        if row.wide:
            row.mend()
        self.dirty.add(self.y)

    def _draw_long(self, text: str) -> None:
        at, length = 0, len(text)
        while at < length:
            if self.pending:
                self._wrap()
            x = self.x
            count = min(self.columns - x, length - at)
            if count < length - at and not self.autowrap:
                # What does not fit is written over in the last column.
                text, at, length = text[at : at + count - 1] + text[-1], 0, count
            if self.insert:
                self.lines[self.y].shift(x, count, blank(self.look))
            self._write(x, x + count, text[at : at + count])
            at += count
            self._advance(x + count)

    def _draw_each(self, text: str) -> None:
        for character in text:
            shown, width = cell(character)
            if width == COMBINED:
                self._combine(shown)
            elif width != DROPPED:
                self._last = character
                self._put(shown, width)

    def _put(self, shown: str, width: int) -> None:
        if self.pending or (width == 2 and self.x == self.columns - 1 and self.autowrap):
            self._wrap()
        x = min(self.x, self.columns - width)
        row, look = self.lines[self.y], self.look
        if self.insert:
            row.shift(x, width, blank(look))
        row.cells[x : x + width] = [shown] if width == 1 else [shown, ""]
        row.set_looks(x, x + width, look)
        row.wide = row.wide or width == 2
        row.mend()
        self.dirty.add(self.y)
        self._advance(x + width)

    def _advance(self, x: int) -> None:
        if x < self.columns:
            self.x = x
        else:
            self.x, self.pending = self.columns - 1, self.autowrap

    def _combine(self, mark: str) -> None:
        x = self.x if self.pending else self.x - 1
        if x < 0:
            return
        row = self.lines[self.y]
        if not row.cells[x] and x > 0:
            x -= 1
        if len(row.cells[x]) < MARKS:
            row.cells[x] += mark
            self.dirty.add(self.y)

    def repeat(self, count: int) -> None:
        """The last character again (REP)."""
        self.draw(self._last * min(count, self.columns * self.rows))

    def _wrap(self) -> None:
        self.lines[self.y].wrapped = True
        self.x, self.pending = 0, False
        self.index()

    # moving

    def move(self, x: int, y: int) -> None:
        """The cursor to a place of the screen, or as near as there is one."""
        self.x = max(0, min(x, self.columns - 1))
        self.y = max(0, min(y, self.rows - 1))
        self.pending = False

    def move_in_margins(self, x: int, y: int) -> None:
        """The same where the origin mode counts rows from the upper margin."""
        if self.origin:
            y = min(y + self.top, self.bottom)
        self.move(x, y)

    def up(self, count: int) -> None:
        """Up, at most to the margin."""
        top = self.top if self.y >= self.top else 0
        self.move(self.x, max(self.y - count, top))

    def down(self, count: int) -> None:
        """Down, at most to the margin."""
        bottom = self.bottom if self.y <= self.bottom else self.rows - 1
        self.move(self.x, min(self.y + count, bottom))

    def tab(self, count: int) -> None:
        """To the next tab stops, of which some may be beyond the screen: it was wider before."""
        last = self.columns - 1
        for _ in range(min(count, self.columns)):
            self.x = min((at for at in self.tabs if self.x < at < last), default=last)

    def back_tab(self, count: int) -> None:
        """To tab stops before."""
        for _ in range(min(count, self.columns)):
            self.x = max((at for at in self.tabs if at < self.x), default=0)
        self.pending = False

    def index(self) -> None:
        """A row down; scrolls at the lower margin."""
        if self.y == self.bottom:
            if self._whole and self.alternate is None:
                # What a flood of output does most, so in the fewest steps.
                lines = self.lines
                self.keep(lines.pop(0))
                lines.append(Row(self.columns, blank(self.look)))
                self.moved = True
            else:
                self.scroll_up(1)
        elif self.y < self.rows - 1:
            self.y += 1

    def reverse_index(self) -> None:
        """A row up; scrolls at the upper margin."""
        self.pending = False
        if self.y == self.top:
            self.scroll_down(1)
        elif self.y > 0:
            self.y -= 1

    def new_line(self) -> None:
        """To the beginning of the next row."""
        self.x, self.pending = 0, False
        self.index()

    def save(self) -> None:
        """Remembers the cursor (DECSC)."""
        self.buffer.saved = Pen(
            self.x, self.y, self.pending, self.look, tuple(self.charsets), self.shift, self.origin
        )

    def restore(self) -> None:
        """The cursor as it was saved (DECRC)."""
        pen = self.buffer.saved
        self.look, self.charsets = pen.look, list(pen.charsets)
        self.set_shift(pen.shift)
        self.origin = pen.origin
        self.move(pen.x, pen.y)
        self.pending = pen.pending and self.x == self.columns - 1

    # scrolling

    def set_margins(self, top: int, bottom: int) -> None:
        """The rows that scroll; the cursor goes to their beginning or the screen's."""
        bottom = min(bottom, self.rows - 1)
        if 0 <= top < bottom:
            self.top, self.bottom = top, bottom
            self.move_in_margins(0, 0)

    def scroll_up(self, count: int) -> None:
        """Rows between the margins go up; what leaves the main screen at its top is kept."""
        keep = self.top == 0 and self.alternate is None
        self._remove(self.top, min(count, self.bottom - self.top + 1), keep)

    def scroll_down(self, count: int) -> None:
        """Rows between the margins go down."""
        self._add(self.top, min(count, self.bottom - self.top + 1))

    def insert_lines(self, count: int) -> None:
        """Empty rows at the cursor (IL)."""
        if self.top <= self.y <= self.bottom:
            self._add(self.y, min(count, self.bottom - self.y + 1))
            self.move(0, self.y)

    def delete_lines(self, count: int) -> None:
        """Rows at the cursor go (DL)."""
        if self.top <= self.y <= self.bottom:
            self._remove(self.y, min(count, self.bottom - self.y + 1), keep=False)
            self.move(0, self.y)

    def _remove(self, at: int, count: int, keep: bool) -> None:
        lines, bottom, fill = self.lines, self.bottom, blank(self.look)
        for _ in range(count):
            row = lines.pop(at)
            if keep:
                self.keep(row)
            lines.insert(bottom, Row(self.columns, fill))
        if at == 0 and self._whole:
            self.moved = True
        else:
            self.dirty.update(range(at, bottom + 1))

    def _add(self, at: int, count: int) -> None:
        lines, fill = self.lines, blank(self.look)
        for _ in range(count):
            del lines[self.bottom]
            lines.insert(at, Row(self.columns, fill))
        self.dirty.update(range(at, self.bottom + 1))

    def keep(self, row: Row) -> None:
        """A row leaves the screen for those that one can scroll back to."""
        if len(self.kept) == self.kept.maxlen:
            self.gone += 1
        self.kept.append(row)

    def forget(self) -> None:
        """Nothing is kept any more."""
        self.gone += len(self.kept)
        self.kept.clear()
        self.all_dirty()

    # erasing

    def erase_row(self, start: int, end: int) -> None:
        """Cells of the cursor's row."""
        self.lines[self.y].erase(start, min(end, self.columns), blank(self.look))
        self.dirty.add(self.y)

    def erase_rows(self, start: int, end: int) -> None:
        """Whole rows."""
        for y in range(start, end):
            self.lines[y].erase(0, self.columns, blank(self.look))
            self.dirty.add(y)

    def erase_screen(self) -> None:
        """All rows; those of the main screen are kept, as what a command printed is still of use."""
        if self.alternate is None:
            used = [n for n, row in enumerate(self.lines) if pack(row).runs]
            for row in self.lines[: used[-1] + 1 if used else 0]:
                self.keep(row)
        self.lines[:] = [Row(self.columns, blank(self.look)) for _ in range(self.rows)]
        self.all_dirty()

    def shift_cells(self, count: int) -> None:
        """Inserts cells at the cursor (ICH), or deletes some (DCH) where `count` is negative."""
        self.lines[self.y].shift(self.x, count, blank(self.look))
        self.pending = False
        self.dirty.add(self.y)

    def fill(self, character: str) -> None:
        """The whole screen with a character (DECALN)."""
        for row in self.lines:
            row.erase(0, self.columns, PLAIN)
            row.cells = [character] * self.columns
        self.top, self.bottom = 0, self.rows - 1
        self.move(0, 0)
        self.all_dirty()

    # the alternate screen

    def enter_alternate(self) -> None:
        """An empty screen in front of the main one."""
        if self.alternate is None:
            self.alternate = Buffer(self._blank_lines(), self.main.saved)
            self.lines = self.alternate.lines
            self.all_dirty()

    def leave_alternate(self) -> None:
        """Back to the main screen."""
        if self.alternate is not None:
            self.alternate = None
            self.lines = self.main.lines
            self.all_dirty()
