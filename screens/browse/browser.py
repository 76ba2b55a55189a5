"""Browsers: what is shown of a service of a provider, declared as kinds of resources.

A provider is browsed once it has its tabs (`screens.actions.tabs`) and a line here; everything else
of Browse knows no provider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from screens.actions.tabs import OUTSCALE, OXIDE, Tabs
from screens.browse.naming import Named
from screens.browse.resource import Resource


class Kinds(Mapping[str, Resource]):
    """All kinds of a browser by id, in the order of the tabs; each module is imported when it is first shown."""

    def __init__(self, tabs: Tabs, package: str, declared: Mapping[str, str]) -> None:
        """`declared`: modules of `package` and what each declares, by id."""
        self._tabs = tabs
        self._package = package
        self._declared = declared
        self._loaded: dict[str, Resource] = {}

    def __getitem__(self, id_: str) -> Resource:
        found = self._loaded.get(id_)
        if found is None:
            module, _, name = self._declared[id_].partition(":")
            found = cast("Resource", getattr(import_module(f"{self._package}.{module}"), name))
            self._loaded[id_] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._tabs.titles)

    def __len__(self) -> int:
        return len(self._tabs.kinds)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._declared


@dataclass(frozen=True, slots=True)
class Browser:
    """What Browse shows of a service of one provider."""

    tabs: Tabs
    kinds: Kinds
    package: str
    """Of its kinds."""
    service: str
    """What one service is called in sentences."""
    is_same: Callable[[Any, Any], bool]
    """Whether two connections lead to the same one."""
    whence: str
    """What of a connection's sources says why it is this one."""
    preflight: str = ""
    """What the builders' own checks find before anything is made: an import string; empty for none."""
    scopes: str = ""
    """The kind whose rows hold those of others and can be entered, as projects are; empty for none."""

    def kind(self, id_: str) -> Resource:
        """The kind of that id; the first one for an id of another provider."""
        return self.kinds[id_ if id_ in self.kinds else self.tabs.first]

    def title(self, id_: str) -> str:
        """The title of a kind."""
        return self.tabs.titles[id_]

    @property
    def named(self) -> Named:
        """What options of templates can name on the service; imported when it is first asked for."""
        return cast("Named", import_module(f"{self.package}.named").NAMED)


_PACKAGE = "screens.browse.resources"

BROWSERS = {
    "oxide": Browser(
        OXIDE,
        Kinds(
            OXIDE,
            f"{_PACKAGE}.oxide",
            {
                "projects": "projects:PROJECTS",
                "images": "images:IMAGES",
                "instances": "instances:INSTANCES",
                "disks": "disks:DISKS",
                "snapshots": "snapshots:SNAPSHOTS",
                "vpcs": "vpcs:VPCS",
                "ip-pools": "ip_pools:IP_POOLS",
                "keys": "keys:KEYS",
                "quota": "quota:QUOTA",
            },
        ),
        f"{_PACKAGE}.oxide",
        service="rack",
        is_same=lambda one, other: one.host == other.host,
        whence="host",
        preflight="oxtui.builders.oxide.foresight:foresee",
        scopes="projects",
    ),
    "outscale": Browser(
        OUTSCALE,
        Kinds(
            OUTSCALE,
            f"{_PACKAGE}.outscale",
            {
                "omis": "omis:OMIS",
                "vms": "vms:VMS",
                "volumes": "volumes:VOLUMES",
                "snapshots": "snapshots:SNAPSHOTS",
                "nets": "nets:NETS",
                "subnets": "subnets:SUBNETS",
                "security-groups": "security_groups:SECURITY_GROUPS",
                "keypairs": "keypairs:KEYPAIRS",
                "public-ips": "public_ips:PUBLIC_IPS",
            },
        ),
        f"{_PACKAGE}.outscale",
        service="account",
        is_same=lambda one, other: one.variables == other.variables,
        whence="access_key",
        preflight="oxtui.builders.outscale.foresight:foresee",
    ),
}
"""By provider."""
