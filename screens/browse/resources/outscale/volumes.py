"""BSU volumes: what they are linked to, what they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screens.browse.look import Look
from screens.browse.resource import Fact, Related, Resource
from screens.browse.resources.outscale.changes import delete_volumes
from screens.browse.resources.outscale.common import (
    created_column,
    gibibytes,
    id_column,
    identity,
    name_column,
    pages_of,
    related,
    size_column,
    state_column,
    state_fact,
    tags,
    text_column,
    times,
)
from screens.tables.cell import Column

_SETTLED = {"available", "in-use", "error"}


def _linked(row: Any, look: Look) -> str:
    return ", ".join(look.name("vms", vm) for vm in row.vm_ids)


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        state_column(1),
        size_column(lambda row: row.size),
        text_column("TYPE", lambda row: row.volume_type, 4, 8),
        text_column("LINKED TO", lambda row: _linked(row, look), 3, 12),
        id_column(5),
        created_column(look),
    )


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    return [
        *identity(row),
        state_fact(row),
        Fact("size", gibibytes(row.size)),
        Fact("type", f"{row.volume_type}{f', {row.iops} IOPS' if row.iops else ''}"),
        Fact("linked to", _linked(row, look) or "–"),
        *(Fact("", f"as {link.device_name}, {link.state}", "muted") for link in row.linked_volumes),
        Fact("made from", row.snapshot_id or "–"),
        Fact("subregion", row.subregion_name or "–"),
        *times(row, look),
        *tags(row),
    ]


def _related(row: Any, look: Look) -> Sequence[Related]:
    taken = [each.id for each in look.referring("snapshots", "volume_id", row.id)]
    return [
        *related("VM", "vms", row.vm_ids),
        *related("snapshot", "snapshots", [row.snapshot_id, *taken]),
    ]


VOLUMES = Resource(
    id="volumes",
    one="volume",
    columns=_columns,
    pages=pages_of("volumes"),
    facts=_facts,
    related=_related,
    lookups=("vms", "snapshots"),
    handlers={"outscale.delete-volumes": delete_volumes},
    in_transit=lambda row: row.state not in _SETTLED,
    in_projects=False,
    empty="No volume here. VMs bring theirs along.",
)
