"""Snapshots: what images are made from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from screens.browse.deleting import delete_snapshots
from screens.browse.look import Look
from screens.browse.resource import PAGE, Fact, Resource, Scope, of_projects
from screens.browse.resources.oxide.common import (
    created_column,
    identity,
    name_column,
    project_columns,
    size_column,
    state_fact,
    times,
)
from screens.tables.cell import Column
from screens.wording import size, state

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        Column(title="STATE", cell=lambda row: state(row.state), priority=1, minimum=9),
        *project_columns(look, 4),
        size_column(2),
        Column(
            title="DISK",
            cell=lambda row: look.name("disks", row.disk_id),
            priority=3,
            minimum=10,
        ),
        created_column(look, 5),
    )


def _pages(client: OxideClient, scope: Scope) -> AsyncIterator[list[Any]]:
    return of_projects(lambda project: client.snapshots.pages(project, PAGE), scope)


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    return [
        *identity(row),
        state_fact(row.state),
        Fact("size", size(row.size)),
        Fact("", "counts against the quota", "muted"),
        Fact("disk", look.name("disks", row.disk_id)),
        Fact("project", look.name("projects", row.project_id)),
        *times(row, look),
    ]


SNAPSHOTS = Resource(
    id="snapshots",
    one="snapshot",
    columns=_columns,
    pages=_pages,
    facts=_facts,
    lookups=("disks",),
    handlers={"browse.delete-snapshots": delete_snapshots},
    in_transit=lambda row: row.state == "creating",
    empty="No snapshot here. Builds take them on the way to an image.",
)
