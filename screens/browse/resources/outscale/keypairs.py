"""Key pairs: the account has the public halves, and VMs are given them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screens.browse.look import Look
from screens.browse.resource import Fact, Related, Resource
from screens.browse.resources.outscale.changes import delete_keypairs
from screens.browse.resources.outscale.common import (
    name_column,
    pages_of,
    related,
    tags,
    text_column,
)
from screens.tables.cell import Column


def _columns(look: Look) -> Sequence[Column]:
    def vms(row: Any) -> str:
        return ", ".join(vm.name for vm in look.referring("vms", "keypair_name", row.name))

    return (
        name_column(),
        text_column("TYPE", lambda row: row.keypair_type, 2, 11),
        text_column("FINGERPRINT", lambda row: row.keypair_fingerprint, 3, 47),
        text_column("GIVEN TO", vms, 1, 12),
    )


def _facts(row: Any, _look: Look) -> Sequence[Fact]:
    return [
        Fact("id", row.keypair_id or row.name),
        Fact("type", row.keypair_type or "–"),
        Fact("print", row.keypair_fingerprint or "–"),
        *tags(row),
    ]


def _related(row: Any, look: Look) -> Sequence[Related]:
    vms = [vm.id for vm in look.referring("vms", "keypair_name", row.name)]
    return [*related("VM", "vms", vms)]


KEYPAIRS = Resource(
    id="keypairs",
    one="key pair",
    columns=_columns,
    pages=pages_of("keypairs"),
    facts=_facts,
    related=_related,
    lookups=("vms",),
    handlers={"outscale.delete-keypairs": delete_keypairs},
    in_projects=False,
    empty="No key pair here. Builds bring one and delete it again.",
)
