"""Projects: what they hold is shown by the other tabs, once one is entered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from screens.browse.look import Look
from screens.browse.resource import PAGE, Fact, Resource, Scope
from screens.browse.resources.oxide.common import (
    created_column,
    description_column,
    identity,
    name_column,
    times,
)
from screens.tables.cell import Column

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient


def _columns(look: Look) -> Sequence[Column]:
    return (name_column(), description_column(2), created_column(look, 3))


def _pages(client: OxideClient, _scope: Scope) -> AsyncIterator[list[Any]]:
    return client.projects.pages(PAGE)


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    return [*identity(row), *times(row, look)]


PROJECTS = Resource(
    id="projects",
    one="project",
    columns=_columns,
    pages=_pages,
    facts=_facts,
    in_projects=False,
    empty="No project can be seen with this token. Ask an administrator of the silo for a role.",
)
