"""What Browse knows of one kind of resource: columns, how it is fetched, details, actions.

A kind of resource is one module below `screens.browse.resources` that declares one `Resource`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from screens.tables.cell import Cell, Column, Tone
from screens.tables.model import Order

if TYPE_CHECKING:
    from oxtui.oxide.models.project import Project
    from screens.browse.look import Look
    from screens.browse.work import Work

_BY_NAME = Order("name")
PAGE = 250
"""Rows of one request: decoding more at once would be felt as a hitch."""


class Fact(NamedTuple):
    """A line of the details: a label and what it has."""

    label: str
    value: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the details that is fetched for one row: lines, or a table with headings."""

    title: str
    facts: Sequence[Fact] = ()
    headings: Sequence[str] = ()
    lines: Sequence[Sequence[Cell | str]] = ()
    empty: str = ""
    """What is said where it has neither."""


class Related(NamedTuple):
    """Rows of another kind that belong to a row."""

    what: str
    """Such as `its volumes`."""
    kind: str
    """Id of the kind."""
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """The projects whose resources are shown; `chosen` if the operator entered one."""

    projects: Sequence[Project]
    chosen: Project | None = None


Pages = Callable[[Any, Scope], AsyncIterator[list[Any]]]
"""Given the provider's client."""
Handler = Callable[["Work", Sequence[Any]], Awaitable[None]]


async def _nothing_more(_client: Any, _row: Any) -> Sequence[Section]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of resource."""

    id: str
    """Plural, as typed behind `:`; also the end of its context (`browse.images`)."""
    one: str
    """Singular, for sentences."""
    columns: Callable[[Look], Sequence[Column]]
    pages: Pages
    facts: Callable[[Any, Look], Sequence[Fact]]
    """Details that the row itself has."""
    more: Callable[[Any, Any], Awaitable[Sequence[Section]]] = _nothing_more
    """Details that take calls of their own."""
    related: Callable[[Any, Look], Sequence[Related]] = lambda _row, _look: ()
    """Where one may go from a row."""
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    """What its actions do, by action id; given the marked rows or the one under the cursor."""
    lookups: Sequence[str] = ()
    """Ids of other resources that its columns look up."""
    order: Order = _BY_NAME
    in_transit: Callable[[Any], bool] = lambda _row: False
    """A row that changes by itself soon: it is looked at more often."""
    empty: str = ""
    """What is said when there are none: the next key."""
    key: Callable[[Any], str] = lambda row: str(row.id)
    in_projects: bool = True
    """Belongs to projects, so that entering one narrows the list."""


async def of_projects(
    pages: Callable[[str], AsyncIterator[list[Any]]], scope: Scope
) -> AsyncIterator[list[Any]]:
    """The pages of each project of the scope, one project after the other."""
    for project in [scope.chosen] if scope.chosen else scope.projects:
        async for page in pages(project.name):
            yield page
