"""The rows of a table: which are shown, in which order, which is under the cursor, which are marked.

Rows have keys, so new data changes rows in place: cursor, marks, filter and order stay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from screens.tables.cell import Column, natural
from screens.tables.row_filter import Haystack, RowFilter

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Order:
    """The column (by id) that rows are sorted by; empty: as the rack gave them."""

    column: str = ""
    descending: bool = False


class TableModel(Generic[R]):
    """Rows with cursor, filter, order and marks."""

    def __init__(
        self,
        columns: Sequence[Column],
        key: Callable[[R], str],
        hidden: Callable[[R], str] = lambda _row: "",
    ) -> None:
        self.columns = tuple(columns)
        self.filter = RowFilter("")
        self.order = Order()
        self.marks: set[str] = set()
        self.widths = [len(column.title) for column in self.columns]
        """Widest field of each column so far."""
        self.top = 0
        """First row on screen, kept for the next visit."""
        self.data_version = 0
        """Grows with every change of rows."""
        self._key = key
        self._hidden = hidden
        self._rows: dict[str, R] = {}
        self._haystacks: dict[str, Haystack] = {}
        self._ranks: dict[str, tuple[bool, Any]] = {}
        self._ordered: list[str] = []
        """All keys in order; those that pass the filter are shown."""
        self._shown: list[str] = []
        self._cursor: str | None = None
        self._cursor_index = 0

    # what is there

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def shown(self) -> Sequence[str]:
        """Keys of the rows that pass the filter, in order."""
        return self._shown

    def row(self, key: str) -> R | None:
        """A row by its key."""
        return self._rows.get(key)

    def rows(self) -> Iterable[R]:
        """All rows, filtered or not, as the rack gave them."""
        return self._rows.values()

    def at(self, index: int) -> R:
        """The row shown at an index."""
        return self._rows[self._shown[index]]

    # changes of the data

    def upsert(self, rows: Iterable[R]) -> None:
        """Add rows, or change those that have the same key."""
        fresh: list[str] = []
        changed = False
        for row in rows:
            key = self._key(row)
            old = self._rows.get(key)
            if old is not None and old == row:
                continue
            self._rows[key] = row
            self._haystacks[key] = self._read(key, row)
            self._rank(key)
            self.data_version += 1
            if old is None:
                fresh.append(key)
            else:
                changed = True
        self._sort(fresh)
        in_place = not changed and self._belongs_behind(fresh)
        self._ordered.extend(fresh)
        if in_place:  # the usual case while pages arrive
            self._shown.extend(self.filter.keep(fresh, self._haystacks))
        else:
            self._sort(self._ordered)
            self._narrow()

    def keep(self, keys: Collection[str]) -> None:
        """Forget the rows that are not among `keys`; the cursor goes to the next one."""
        gone = [key for key in self._rows if key not in keys]
        self.data_version += len(gone)
        for key in gone:
            del self._rows[key], self._haystacks[key]
            self._ranks.pop(key, None)
            self.marks.discard(key)
        if gone:
            self._ordered = [key for key in self._ordered if key in self._rows]
            self._narrow()

    def recompute(self) -> None:
        """Make every field anew, because what columns look up elsewhere has changed."""
        for key, row in self._rows.items():
            self._haystacks[key] = self._read(key, row)
        self.set_order(self.order)

    # what the operator wants to see

    def set_filter(self, text: str) -> None:
        """Show only rows that match; the cursor stays on its row while that is shown."""
        if self._cursor is None:  # until somebody moves it, it stays at the top while pages arrive
            self.cursor = self._cursor_index
        before = self.filter
        self.filter = RowFilter(text, [column.id for column in self.columns])
        self._narrow(self._shown if self.filter.narrows(before) else None)

    def set_order(self, order: Order) -> None:
        """Sort by a column."""
        self.order = order
        self._ranks.clear()
        for key in self._rows:
            self._rank(key)
        self._ordered = list(self._rows)
        self._sort(self._ordered)
        self._narrow()

    def toggle_mark(self, key: str) -> None:
        """Mark a row, or take its mark away."""
        self.marks ^= {key}

    # the cursor

    @property
    def cursor(self) -> int:
        """Index of the row under the cursor; 0 if there is none."""
        return min(self._cursor_index, max(0, len(self._shown) - 1))

    @cursor.setter
    def cursor(self, index: int) -> None:
        last = max(0, len(self._shown) - 1)
        self._cursor_index = max(0, min(index, last))
        self._cursor = self._shown[self._cursor_index] if self._shown else None

    @property
    def current(self) -> R | None:
        """The row under the cursor."""
        return self.at(self.cursor) if self._shown else None

    def go_to(self, key: str) -> bool:
        """Put the cursor on a row; False if it is not shown."""
        if key not in self._shown:
            return False
        self.cursor = self._shown.index(key)
        return True

    def selected(self) -> list[R]:
        """The marked rows, or the one under the cursor where none is marked."""
        if self.marks:
            return [row for key, row in self._rows.items() if key in self.marks]
        return [] if self.current is None else [self.current]

    def _read(self, key: str, row: R) -> Haystack:
        fields = {"": f"{key} {self._hidden(row)}"}
        for number, column in enumerate(self.columns):
            text = column.field(row).text
            self.widths[number] = max(self.widths[number], min(len(text), column.maximum))
            if column.searched:
                fields[column.id] = text
        return Haystack(fields)

    def _rank(self, key: str) -> None:
        """Keep what a row is sorted by; rows without a value come last in both directions."""
        column = self._order_column
        if column is not None:
            row = self._rows[key]
            value = column.sort(row) if column.sort else natural(column.field(row).text)
            self._ranks[key] = ((value is None) is not self.order.descending, value)

    @property
    def _order_column(self) -> Column | None:
        return next((c for c in self.columns if c.id == self.order.column), None)

    def _sort(self, keys: list[str]) -> None:
        if self._ranks:
            keys.sort(key=self._ranks.__getitem__, reverse=self.order.descending)

    def _belongs_behind(self, fresh: Sequence[str]) -> bool:
        """Whether sorted new rows all come behind the present ones."""
        if not self._ranks or not fresh or not self._ordered:
            return True
        last, first = self._ranks[self._ordered[-1]], self._ranks[fresh[0]]
        return first < last if self.order.descending else last < first

    def _narrow(self, among: Sequence[str] | None = None) -> None:
        """Apply the filter, to no others than `among` if that is given; the cursor follows its row.

        If that is hidden, the cursor stays at its place until its row is shown again or the
        operator moves it; if it is gone, the row at its place takes it over.
        """
        self._shown = self.filter.keep(self._ordered if among is None else among, self._haystacks)
        cursor = self._cursor
        if cursor is not None and not self.go_to(cursor) and cursor not in self._rows:
            self.cursor = self._cursor_index
