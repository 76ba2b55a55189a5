"""Nets, with what is in them."""

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
from screens.wording import plural


def _columns(look: Look) -> Sequence[Column]:
    def subnets(row: Any) -> str:
        return plural(len(look.referring("subnets", "net_id", row.id)), "subnet")

    return (
        name_column(),
        state_column(1),
        text_column("RANGE", lambda row: row.ip_range, 2, 15),
        Column(title="SUBNETS", cell=subnets, priority=3, minimum=9),
        text_column("TENANCY", lambda row: row.tenancy, 5, 9),
        id_column(4),
    )


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    subnets = look.referring("subnets", "net_id", row.id)
    return [
        *identity(row),
        state_fact(row),
        Fact("range", row.ip_range or "–"),
        Fact("tenancy", row.tenancy or "–"),
        *(
            Fact("" if at else "subnets", f"{each.name} {each.ip_range}")
            for at, each in enumerate(subnets)
        ),
        *tags(row),
    ]


def _related(row: Any, look: Look) -> Sequence[Related]:
    def of(kind: str) -> list[str]:
        return [each.id for each in look.referring(kind, "net_id", row.id)]

    return [
        *related("subnet", "subnets", of("subnets")),
        *related("security group", "security-groups", of("security-groups")),
        *related("VM", "vms", of("vms")),
    ]


NETS = Resource(
    id="nets",
    one="Net",
    columns=_columns,
    pages=pages_of("nets"),
    facts=_facts,
    related=_related,
    lookups=("subnets", "security-groups", "vms"),
    in_transit=lambda row: row.state in ("pending", "deleting"),
    in_projects=False,
    empty="No Net here; VMs may be in the public Cloud.",
)
