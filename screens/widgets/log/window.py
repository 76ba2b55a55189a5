"""Which rows of a log stand on the screen: scrolling, following and wrapping, without drawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the screen: part `part` (0 unless lines are wrapped) of the line shown at `index`."""

    index: int
    part: int = 0


class LogWindow:
    """A window of `height` rows onto `count` lines, of which each takes `rows_of(index)` rows.

    Following means that the last line stays at the bottom. It ends when the operator scrolls up, and
    begins again only when they ask for it: it never turns itself on behind their back.
    """

    def __init__(self, rows_of: Callable[[int], int] = lambda _index: 1) -> None:
        self.height = 1
        self.count = 0
        self.following = True
        self.top = Row(0)
        self.seen = 0
        """Lines there were when following ended."""
        self._rows_of = rows_of

    @property
    def unseen(self) -> int:
        """Lines that came since following ended."""
        return 0 if self.following else max(0, self.count - self.seen)

    @property
    def at_end(self) -> bool:
        """The last line's last row is on the screen."""
        return self.top == self._last_top()

    def grow(self, count: int) -> None:
        """There are `count` lines now, or lines became taller."""
        self.count = count
        if self.following:
            self.top = self._last_top()
        else:
            self.top = min(self.top, self._last_top(), key=_place)

    def resize(self, height: int) -> None:
        """The window has another height."""
        self.height = max(1, height)
        self.grow(self.count)

    def rows(self) -> list[Row]:
        """The rows on the screen, from the top; fewer than `height` where the log is short."""
        found: list[Row] = []
        index, part = self.top.index, self.top.part
        while index < self.count and len(found) < self.height:
            parts = self._rows_of(index)
            while part < parts and len(found) < self.height:
                found.append(Row(index, part))
                part += 1
            index, part = index + 1, 0
        return found

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.following = True
        self.top = self._last_top()

    def stay(self) -> None:
        """Do not follow any more."""
        if self.following:
            self.following = False
            self.seen = self.count

    def scroll(self, rows: int) -> None:
        """Move down by `rows`, or up where it is negative."""
        if rows < 0:
            self.stay()
            self.top = self._up(self.top, -rows)
        elif not self.following:
            self.top = min(self._down(self.top, rows), self._last_top(), key=_place)

    def go_to(self, index: int) -> None:
        """Put a line at the top, or as high as the end of the log allows."""
        self.stay()
        self.top = min(Row(max(0, index)), self._last_top(), key=_place)

    def reveal(self, index: int) -> None:
        """Bring a line into the window, in its middle if it is not there yet."""
        self.stay()
        shown = self.rows()
        if not shown or not shown[0].index < index < shown[-1].index:
            self.go_to(index)
            self.top = self._up(self.top, self.height // 3) if self.top.index == index else self.top

    def _up(self, row: Row, rows: int) -> Row:
        index, part = row.index, row.part
        while rows > 0:
            if part >= rows:
                return Row(index, part - rows)
            rows -= part + 1
            if index == 0:
                return Row(0)
            index -= 1
            part = self._rows_of(index) - 1
        return Row(index, part)

    def _down(self, row: Row, rows: int) -> Row:
        index, part = row.index, row.part + rows
        while index < self.count and part >= (parts := self._rows_of(index)):
            part -= parts
            index += 1
        return Row(index, part)

    def _last_top(self) -> Row:
        if not self.count:
            return Row(0)
        last = self.count - 1
        return self._up(Row(last, self._rows_of(last) - 1), self.height - 1)


def _place(row: Row) -> tuple[int, int]:
    return row.index, row.part
