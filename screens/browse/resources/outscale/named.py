"""What options of templates name in an account of Outscale; the API takes ids, and names of what has no id."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from screens.browse.naming import Named, Naming, Where
from screens.browse.resource import Resource, Scope
from screens.browse.resources.outscale.common import gibibytes, owner, pages_of
from screens.browse.resources.outscale.keypairs import KEYPAIRS
from screens.browse.resources.outscale.nets import NETS
from screens.browse.resources.outscale.omis import OMIS
from screens.browse.resources.outscale.security_groups import SECURITY_GROUPS
from screens.browse.resources.outscale.snapshots import SNAPSHOTS
from screens.browse.resources.outscale.subnets import SUBNETS
from screens.wording import plural

_ALL = Scope(())
_TINA = re.compile(r"tinav[1-9]\d?\.c(?P<cores>[1-9]\d*)r(?P<memory>[1-9]\d*)(?:p[123])?")
"""Types of this family are written to measure; the API lists a few of them (Outscale, "About VM types")."""


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whoever has OMIs that the account may use; `id` is that of the account."""

    id: str
    alias: str
    omis: int

    @property
    def name(self) -> str:
        return self.alias or self.id


async def _owners(client: Any, _where: Where) -> AsyncIterator[list[Any]]:
    counts: dict[tuple[str, str], int] = {}
    async for page in OMIS.pages(client, _ALL):
        for image in page:
            key = (image.account_id, image.account_alias)
            counts[key] = counts.get(key, 0) + 1
    yield [_Owner(id_, alias, count) for (id_, alias), count in counts.items()]


def _of(
    kind: Resource,
    note: Callable[[Any], str],
    *,
    by_name: bool = False,
    usable: Callable[[Any], bool] = lambda _row: True,
    means: Callable[[str], str] = lambda _value: "",
    within: Sequence[str] = (),
) -> Naming:
    """A kind that Browse shows."""
    return Naming(
        one=kind.one,
        pages=lambda client, _where: kind.pages(client, _ALL),
        names=lambda row: (row.name,) if by_name else (row.id,),
        note=note,
        within=within,
        fits=_in_net if within else lambda _row, _where: True,
        usable=usable,
        means=means,
    )


def _in_net(row: Any, where: Where) -> bool:
    """Whether it is in the Net that the options beside name, or that their subnet is in."""
    if "nets" in where:
        return bool(row.net_id == where["nets"].id)
    return "subnets" not in where or bool(row.net_id == where["subnets"].net_id)


def _omi(row: Any) -> str:
    return ", ".join(filter(None, (gibibytes(row.size), row.architecture, f"of {owner(row)}")))


def _vm_type(row: Any) -> str:
    return f"{plural(row.vcore_count, 'vCore')}, {row.memory_size:g} GiB of memory"


def _made_to_measure(value: str) -> str:
    found = _TINA.fullmatch(value)
    if found is None:
        return ""
    return f"{plural(int(found['cores']), 'vCore')}, {found['memory']} GiB of memory"


def _pattern(value: str) -> str:
    return "a pattern, which the API fills in" if set(value) & set("*?") else ""


def _net(row: Any) -> str:
    return f"in Net {row.net_id}" if row.net_id else "in the public Cloud"


NAMED = Named(
    {
        "omis": _of(OMIS, _omi, usable=lambda row: row.state == "available"),
        "omi-names": _of(
            OMIS, _omi, by_name=True, usable=lambda row: row.state == "available", means=_pattern
        ),
        "owners": Naming(
            one="OMI of",
            pages=_owners,
            names=lambda row: tuple(filter(None, (row.alias, row.id))),
            note=lambda row: f"{plural(row.omis, 'OMI')} that can be used here",
            means=lambda value: "the account itself" if value == "self" else "",
        ),
        "vm-types": Naming(
            one="VM type",
            pages=lambda client, _where: pages_of("vm_types")(client, _ALL),
            names=lambda row: (row.name,),
            note=_vm_type,
            means=_made_to_measure,
        ),
        "subregions": Naming(
            one="subregion",
            pages=lambda client, _where: pages_of("subregions")(client, _ALL),
            names=lambda row: (row.name,),
            note=lambda row: f"{row.state}, in {row.region_name}",
        ),
        "nets": _of(NETS, lambda row: row.ip_range),
        "subnets": _of(
            SUBNETS,
            lambda row: (
                f"{row.ip_range} in {row.subregion_name}, {row.available_ips_count} addresses free"
            ),
            within=("nets",),
        ),
        "security-groups": _of(SECURITY_GROUPS, _net, within=("nets", "subnets")),
        "security-group-names": _of(SECURITY_GROUPS, _net, by_name=True),
        "keypairs": _of(KEYPAIRS, lambda row: row.keypair_type),
        "snapshots": _of(
            SNAPSHOTS,
            lambda row: ", ".join(filter(None, (gibibytes(row.volume_size), row.description))),
            usable=lambda row: row.state == "completed",
        ),
    }
)
