"""Public IPs: which VM each leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screens.browse.look import Look
from screens.browse.resource import Fact, Related, Resource
from screens.browse.resources.outscale.changes import delete_public_ips
from screens.browse.resources.outscale.common import (
    identity,
    name_column,
    pages_of,
    related,
    tags,
    text_column,
)
from screens.tables.cell import Column


def _vm(row: Any, look: Look) -> str:
    return look.name("vms", row.vm_id) if row.vm_id else ""


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        text_column("LEADS TO", lambda row: _vm(row, look), 1, 12),
        text_column("PRIVATE IP", lambda row: row.private_ip, 3, 13),
        text_column("ID", lambda row: row.id, 2, 17),
    )


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    return [
        *identity(row),
        Fact("leads to", _vm(row, look) or "nothing; it costs all the same"),
        Fact("private ip", row.private_ip or "–"),
        *tags(row),
    ]


def _related(row: Any, _look: Look) -> Sequence[Related]:
    return [*related("VM", "vms", [row.vm_id])]


PUBLIC_IPS = Resource(
    id="public-ips",
    one="public IP",
    columns=_columns,
    pages=pages_of("public_ips"),
    facts=_facts,
    related=_related,
    lookups=("vms",),
    handlers={"outscale.delete-public-ips": delete_public_ips},
    in_projects=False,
    empty="No public IP here. Builds take one where the template says so, and give it back.",
)
