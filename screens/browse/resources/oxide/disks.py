"""Disks: their states, what they are attached to, what they were made from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from screens.browse.deleting import delete_disks
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

_SETTLED = {"attached", "detached", "faulted", "import_ready", "maintenance", "destroyed"}


def _attached(row: Any, look: Look) -> str:
    return look.name("instances", row.state.instance)


def _source(row: Any, look: Look) -> str:
    if row.image_id is not None:
        return look.name("images", row.image_id)
    return look.name("snapshots", row.snapshot_id)


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        Column(title="STATE", cell=lambda row: state(row.state.state), priority=1, minimum=10),
        *project_columns(look, 4),
        size_column(2),
        Column(title="ATTACHED TO", cell=lambda row: _attached(row, look), priority=3, minimum=11),
        Column(title="MADE FROM", cell=lambda row: _source(row, look), priority=5, minimum=13),
        created_column(look, 6),
    )


def _pages(client: OxideClient, scope: Scope) -> AsyncIterator[list[Any]]:
    return of_projects(lambda project: client.disks.pages(project, PAGE), scope)


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    return [
        *identity(row),
        state_fact(row.state.state),
        Fact("attached", _attached(row, look)),
        Fact("size", size(row.size)),
        Fact("block", size(row.block_size)),
        Fact("kind", f"{row.disk_type}{', read-only' if row.read_only else ''}"),
        Fact("made from", _source(row, look)),
        Fact("project", look.name("projects", row.project_id)),
        *times(row, look),
    ]


DISKS = Resource(
    id="disks",
    one="disk",
    columns=_columns,
    pages=_pages,
    facts=_facts,
    lookups=("instances", "images", "snapshots"),
    handlers={"browse.delete-disks": delete_disks},
    in_transit=lambda row: row.state.state not in _SETTLED,
    empty="No disk here. Instances bring theirs along.",
)
