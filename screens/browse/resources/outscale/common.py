"""Columns and details that most kinds of an account's resources have."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from screens.browse.look import Look
from screens.browse.resource import PAGE, Fact, Pages, Related, Scope
from screens.tables.cell import Cell, Column
from screens.wording import age, moment, plural, state

_NONE = Cell("–", "muted")


def pages_of(collection: str) -> Pages:
    """All that a collection of the client has."""

    def pages(client: Any, _scope: Scope) -> AsyncIterator[list[Any]]:
        found: AsyncIterator[list[Any]] = getattr(client, collection).pages(limit=PAGE)
        return found

    return pages


def name_column() -> Column:
    """The name: never left out, last to be cut."""
    return Column(title="NAME", cell=lambda row: row.name, minimum=20, maximum=63)


def id_column(priority: int = 5) -> Column:
    """The id, where it is not what the row is called."""
    return Column(
        title="ID",
        cell=lambda row: _NONE if row.name == row.id else Cell(row.id, "muted"),
        priority=priority,
        minimum=13,
    )


def state_column(priority: int = 1) -> Column:
    """The state with its glyph."""
    return Column(title="STATE", cell=lambda row: state(row.state), priority=priority, minimum=11)


def text_column(title: str, text: Callable[[Any], str], priority: int, minimum: int) -> Column:
    """A text, or a dash for none."""
    return Column(
        title=title, cell=lambda row: text(row) or _NONE, priority=priority, minimum=minimum
    )


def size_column(gib: Callable[[Any], int], priority: int = 2) -> Column:
    """A size in GiB, sorted by value."""
    return Column(
        title="SIZE",
        cell=lambda row: gibibytes(gib(row)),
        sort=gib,
        priority=priority,
        minimum=7,
        right=True,
    )


def created_column(look: Look, priority: int = 6) -> Column:
    """How long ago it was made, sorted by time with the youngest last."""
    return Column(
        title="CREATED",
        cell=lambda row: Cell(_age(row, look), "muted"),
        sort=lambda row: made(row.creation_date),
        priority=priority,
        minimum=13,
        searched=False,
    )


def gibibytes(count: int) -> str:
    """A size as the API counts them."""
    return f"{count} GiB" if count else "–"


def made(text: str) -> datetime | None:
    """A time of the API; None where it has another form."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _age(row: Any, look: Look) -> str:
    time = made(row.creation_date)
    return "–" if time is None else age(time, look.now())


def identity(row: Any) -> Iterator[Fact]:
    """Id and description."""
    yield Fact("id", row.id)
    if getattr(row, "description", ""):
        yield Fact("about", row.description)


def state_fact(row: Any) -> Fact:
    """A state with its glyph."""
    cell = state(row.state)
    return Fact("state", cell.text, cell.tone)


def times(row: Any, look: Look) -> Iterator[Fact]:
    """When it was made."""
    time = made(row.creation_date)
    if time is not None:
        yield Fact("created", moment(time))
        yield Fact("", age(time, look.now()), "muted")


def tags(row: Any) -> Iterator[Fact]:
    """All tags."""
    for at, (key, value) in enumerate(sorted(row.labels.items())):
        yield Fact("" if at else "tags", f"{key} = {value}" if value else key)


def owner(row: Any) -> str:
    """Whose it is."""
    return str(row.account_alias or row.account_id)


def related(count_of: str, kind: str, ids: Sequence[str]) -> Iterator[Related]:
    """Rows of a kind, as far as there are any; `count_of` is the noun."""
    known = [each for each in dict.fromkeys(ids) if each]
    if known:
        yield Related(plural(len(known), count_of), kind, known)
