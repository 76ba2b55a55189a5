"""The kinds of resources that Browse shows; each module is imported when it is first shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

from screens.browse.resource import Resource

_DECLARATIONS = {
    "projects": "projects:PROJECTS",
    "images": "images:IMAGES",
    "instances": "instances:INSTANCES",
    "disks": "disks:DISKS",
    "snapshots": "snapshots:SNAPSHOTS",
    "vpcs": "vpcs:VPCS",
    "ip-pools": "ip_pools:IP_POOLS",
    "keys": "keys:KEYS",
    "quota": "quota:QUOTA",
}
"""Modules of this package and what they declare, by id, in the order of the tabs."""


class Kinds(Mapping[str, Resource]):
    """All kinds by id."""

    def __init__(self) -> None:
        self._loaded: dict[str, Resource] = {}

    def __getitem__(self, id_: str) -> Resource:
        found = self._loaded.get(id_)
        if found is None:
            module, _, name = _DECLARATIONS[id_].partition(":")
            found = cast("Resource", getattr(import_module(f"{__name__}.{module}"), name))
            self._loaded[id_] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_DECLARATIONS)

    def __len__(self) -> int:
        return len(_DECLARATIONS)

    def __contains__(self, id_: object) -> bool:
        return id_ in _DECLARATIONS


RESOURCES = Kinds()
