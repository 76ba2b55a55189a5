"""Snapshots: what OMIs are made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screens.browse.look import Look
from screens.browse.resource import Fact, Related, Resource
from screens.browse.resources.outscale.changes import delete_snapshots, images_of
from screens.browse.resources.outscale.common import (
    created_column,
    gibibytes,
    id_column,
    identity,
    name_column,
    owner,
    pages_of,
    related,
    size_column,
    state_fact,
    tags,
    text_column,
    times,
)
from screens.tables.cell import Cell, Column
from screens.wording import state

_UNDER_WAY = {"in-queue", "pending", "deleting"}


def _state(row: Any) -> Cell:
    cell = state(row.state)
    return Cell(f"{cell.text} {row.progress} %", cell.tone) if row.state == "pending" else cell


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        Column(title="STATE", cell=_state, priority=1, minimum=11),
        size_column(lambda row: row.volume_size),
        text_column("OWNER", owner, 3, 10),
        text_column("DESCRIPTION", lambda row: row.description, 4, 14),
        id_column(5),
        created_column(look),
    )


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    images = images_of(row, look)
    return [
        *identity(row),
        state_fact(row),
        Fact("progress", f"{row.progress} %"),
        Fact("size", gibibytes(row.volume_size)),
        Fact("owner", owner(row), "accent"),
        Fact("volume", row.volume_id or "–"),
        Fact("used by", ", ".join(image.name for image in images) or "no OMI"),
        *times(row, look),
        *tags(row),
    ]


def _related(row: Any, look: Look) -> Sequence[Related]:
    return [
        *related("OMI", "omis", [image.id for image in images_of(row, look)]),
        *related("volume", "volumes", [row.volume_id]),
    ]


SNAPSHOTS = Resource(
    id="snapshots",
    one="snapshot",
    columns=_columns,
    pages=pages_of("snapshots"),
    facts=_facts,
    related=_related,
    lookups=("omis",),
    handlers={"outscale.delete-snapshots": delete_snapshots},
    in_transit=lambda row: row.state in _UNDER_WAY,
    in_projects=False,
    empty="No snapshot here. Builds take them on the way to an OMI.",
)
