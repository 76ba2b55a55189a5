"""Subnets: which Net they are of, and how many addresses are free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screens.browse.look import Look
from screens.browse.resource import Fact, Related, Resource
from screens.browse.resources.outscale.common import (
    id_column,
    identity,
    name_column,
    pages_of,
    related,
    state_column,
    state_fact,
    tags,
    text_column,
)
from screens.tables.cell import Column


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        state_column(1),
        text_column("RANGE", lambda row: row.ip_range, 2, 15),
        Column(
            title="FREE",
            cell=lambda row: str(row.available_ips_count),
            sort=lambda row: row.available_ips_count,
            priority=3,
            right=True,
            searched=False,
        ),
        text_column("NET", lambda row: look.name("nets", row.net_id or None), 4, 12),
        text_column("SUBREGION", lambda row: row.subregion_name, 5, 11),
        id_column(6),
    )


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    return [
        *identity(row),
        state_fact(row),
        Fact("range", row.ip_range or "–"),
        Fact("free", f"{row.available_ips_count} addresses"),
        Fact("net", look.name("nets", row.net_id or None)),
        Fact("subregion", row.subregion_name or "–"),
        *tags(row),
    ]


def _related(row: Any, look: Look) -> Sequence[Related]:
    vms = [vm.id for vm in look.referring("vms", "subnet_id", row.id)]
    return [*related("Net", "nets", [row.net_id]), *related("VM", "vms", vms)]


SUBNETS = Resource(
    id="subnets",
    one="subnet",
    columns=_columns,
    pages=pages_of("subnets"),
    facts=_facts,
    related=_related,
    lookups=("nets", "vms"),
    in_transit=lambda row: row.state in ("pending", "deleting"),
    in_projects=False,
    empty="No subnet here.",
)
