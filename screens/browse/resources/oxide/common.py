"""Columns and details that most kinds of resources have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from screens.browse.look import Look
from screens.browse.resource import Fact
from screens.tables.cell import Cell, Column
from screens.wording import age, moment, size, state


def name_column() -> Column:
    """The name: never left out, last to be cut."""
    return Column(title="NAME", cell=lambda row: row.name, minimum=20, maximum=63)


def project_columns(look: Look, priority: int = 4) -> Iterator[Column]:
    """The project, where rows of several are shown."""
    if not look.in_one_project:
        yield Column(
            title="PROJECT",
            cell=lambda row: Cell(look.name("projects", row.project_id), "accent"),
            priority=priority,
            minimum=8,
        )


def size_column(priority: int = 3) -> Column:
    """The size in bytes, sorted by value."""
    return Column(
        title="SIZE",
        cell=lambda row: size(row.size),
        sort=lambda row: row.size,
        priority=priority,
        minimum=6,
        right=True,
    )


def created_column(look: Look, priority: int = 5) -> Column:
    """How long ago it was made, sorted by time with the youngest last."""
    return Column(
        title="CREATED",
        cell=lambda row: Cell(age(row.time_created, look.now()), "muted"),
        sort=lambda row: row.time_created,
        priority=priority,
        minimum=13,
        searched=False,
    )


def description_column(priority: int = 6) -> Column:
    """What its owner wrote about it."""
    return Column(
        title="DESCRIPTION",
        cell=lambda row: Cell(row.description, "muted"),
        priority=priority,
        minimum=12,
        maximum=60,
    )


def identity(row: Any) -> Iterator[Fact]:
    """Id and description."""
    yield Fact("id", row.id)
    if row.description:
        yield Fact("about", row.description)


def times(row: Any, look: Look) -> Iterator[Fact]:
    """When it was made and changed."""
    yield Fact("created", moment(row.time_created))
    yield Fact("", age(row.time_created, look.now()), "muted")
    if row.time_modified != row.time_created:
        yield Fact("modified", age(row.time_modified, look.now()))


def state_fact(name: str) -> Fact:
    """A state with its glyph."""
    cell = state(name)
    return Fact("state", cell.text, cell.tone)
