"""IP pools of the silo: where external addresses come from."""

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
from screens.tables.cell import Cell, Column

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient


def _default(row: Any) -> Cell:
    return Cell("✓ default", "good") if row.is_default else Cell("–", "muted")


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        Column(title="VERSION", cell=lambda row: f"IP{row.ip_version}", priority=2),
        Column(title="TYPE", cell=lambda row: row.pool_type, priority=3),
        Column(title="DEFAULT", cell=_default, priority=2),
        description_column(4),
        created_column(look, 5),
    )


def _pages(client: OxideClient, _scope: Scope) -> AsyncIterator[list[Any]]:
    return client.ip_pools.pages(PAGE)


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    use = (
        "instances take addresses from it"
        if row.serves_instances
        else "for multicast groups, not for instances"
    )
    cell = _default(row)
    return [
        *identity(row),
        Fact("version", f"IP{row.ip_version}"),
        Fact("type", row.pool_type),
        Fact("", use, "muted"),
        Fact("default", cell.text, cell.tone),
        *times(row, look),
    ]


IP_POOLS = Resource(
    id="ip-pools",
    one="IP pool",
    columns=_columns,
    pages=_pages,
    facts=_facts,
    in_projects=False,
    empty="No IP pool is linked to this silo, so no instance can have an external address.",
)
