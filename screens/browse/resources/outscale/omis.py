"""OMIs: images that the account may use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screens.browse.compose_from import compose_from_omi
from screens.browse.look import Look
from screens.browse.resource import Fact, Related, Resource, Section
from screens.browse.resources.outscale.changes import delete_images
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
    state_column,
    state_fact,
    tags,
    text_column,
    times,
)
from screens.tables.cell import Column


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        state_column(2),
        text_column("OWNER", owner, 3, 10),
        size_column(lambda row: row.size, 4),
        text_column("ARCH", lambda row: row.architecture, 7, 6),
        id_column(5),
        created_column(look),
    )


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    comment = row.state_comment.state_message if row.state_comment is not None else ""
    return [
        *identity(row),
        state_fact(row),
        *([Fact("", comment, "muted")] if comment else []),
        Fact("owner", owner(row), "accent"),
        Fact("size", gibibytes(row.size)),
        Fact("arch", row.architecture or "–"),
        Fact("root", f"{row.root_device_name or '–'} ({row.root_device_type or '–'})"),
        *times(row, look),
        *tags(row),
    ]


async def _more(_client: Any, row: Any) -> Sequence[Section]:
    return (
        Section(
            "Devices",
            headings=("DEVICE", "SIZE", "TYPE", "SNAPSHOT"),
            lines=[
                (
                    device.device_name,
                    gibibytes(device.bsu.volume_size),
                    device.bsu.volume_type,
                    device.bsu.snapshot_id,
                )
                for device in row.block_device_mappings
                if device.bsu is not None
            ],
        ),
    )


def _related(row: Any, look: Look) -> Sequence[Related]:
    vms = [vm.id for vm in look.referring("vms", "image_id", row.id)]
    return [*related("snapshot", "snapshots", row.snapshot_ids), *related("VM", "vms", vms)]


OMIS = Resource(
    id="omis",
    one="OMI",
    columns=_columns,
    pages=pages_of("images"),
    facts=_facts,
    more=_more,
    related=_related,
    lookups=("vms",),
    handlers={"outscale.compose": compose_from_omi, "outscale.delete-omis": delete_images},
    in_transit=lambda row: row.state == "pending",
    in_projects=False,
    empty="The account may use no OMI here.",
)
