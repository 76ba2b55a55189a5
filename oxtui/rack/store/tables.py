"""A table of records: the same few questions for every kind of object."""

from __future__ import annotations

import dataclasses
import json
import typing
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

SortMode = Literal["name_ascending", "name_descending", "id_ascending"]


class Record(Protocol):
    """A frozen dataclass whose fields are the columns of `TABLE`."""

    TABLE: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


R = TypeVar("R", bound=Record)


class Table(Generic[R]):
    """The rows of one record type. Conditions are column=value; None matches NULL."""

    def __init__(self, connection: sqlite3.Connection, record: type[R]) -> None:
        self._connection = connection
        self._record = record
        self._name = record.TABLE
        hints = typing.get_type_hints(record)
        self._columns = tuple(field.name for field in dataclasses.fields(record))
        self._decoders = tuple(_decoder(hints[column]) for column in self._columns)
        self._select = f"SELECT {', '.join(self._columns)} FROM {self._name}"  # noqa: S608 (our own names)

    def insert(self, *records: R) -> None:
        """Add rows; sqlite3.IntegrityError if a key or name is taken."""
        places = ", ".join("?" for _ in self._columns)
        self._connection.executemany(
            f"INSERT INTO {self._name} ({', '.join(self._columns)}) VALUES ({places})",  # noqa: S608
            (tuple(_encode(getattr(record, name)) for name in self._columns) for record in records),
        )

    def update(self, identifier: str, **changes: object) -> R:
        """Change columns of the row with this id and return it; KeyError if there is none."""
        assignments = ", ".join(f"{column} = ?" for column in changes)
        self._connection.execute(
            f"UPDATE {self._name} SET {assignments} WHERE id = ?",  # noqa: S608
            (*map(_encode, changes.values()), identifier),
        )
        changed = self.find(id=identifier)
        if changed is None:
            raise KeyError(identifier)
        return changed

    def delete(self, **conditions: object) -> None:
        """Remove the rows that match."""
        where, values = _where(conditions)
        self._connection.execute(f"DELETE FROM {self._name}{where}", values)  # noqa: S608

    def find(self, **conditions: object) -> R | None:
        """Return the row that matches, or None."""
        where, values = _where(conditions)
        row = self._connection.execute(self._select + where + " LIMIT 1", values).fetchone()
        return None if row is None else self._decode(row)

    def all(self, **conditions: object) -> list[R]:
        """Return every row that matches, in the order they were added."""
        where, values = _where(conditions)
        return list(map(self._decode, self._connection.execute(self._select + where, values)))

    def page(
        self, *, sort: SortMode, after: str | None, limit: int, **conditions: object
    ) -> list[R]:
        """Return at most `limit` rows that match, sorted, from behind the row named by `after`."""
        column = "id" if sort == "id_ascending" else "name"
        descending = sort == "name_descending"
        where, values = _where(conditions)
        if after is not None:
            where += f"{' AND' if where else ' WHERE'} {column} {'<' if descending else '>'} ?"
            values = (*values, after)
        order = f" ORDER BY {column} {'DESC' if descending else 'ASC'} LIMIT ?"
        rows = self._connection.execute(self._select + where + order, (*values, limit))
        return list(map(self._decode, rows))

    def sum(self, column: str, **conditions: object) -> int:
        """Return the sum of a column over the rows that match."""
        where, values = _where(conditions)
        query = f"SELECT COALESCE(SUM({column}), 0) FROM {self._name}{where}"  # noqa: S608
        total = self._connection.execute(query, values).fetchone()[0]
        return int(total)

    def _decode(self, row: Iterable[Any]) -> R:
        values = (decode(value) for decode, value in zip(self._decoders, row, strict=True))
        return self._record(**dict(zip(self._columns, values, strict=True)))


def _where(conditions: dict[str, object]) -> tuple[str, tuple[object, ...]]:
    if not conditions:
        return "", ()
    tests = [f"{column} IS ?" for column in conditions]
    return " WHERE " + " AND ".join(tests), tuple(map(_encode, conditions.values()))


def _encode(value: object) -> object:
    if isinstance(value, (tuple, list, dict)):
        return json.dumps(value)
    return value


def _decoder(hint: object) -> Callable[[Any], Any]:
    if hint is bool:
        return bool
    origin = typing.get_origin(hint)
    if origin is tuple:
        return lambda text: tuple(json.loads(text))
    if origin in (list, dict):
        return json.loads
    return _unchanged


def _unchanged(value: Any) -> Any:
    return value
