"""Filters: what is looked for by its properties, each kind with keys of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self

from pydantic import model_validator

from oxtui.component.options import Options, block, option
from oxtui.template.hcl.suggest import did_you_mean

_TAGS = {"tag-key": "TagKeys", "tag-value": "TagValues"}


def _filters(keys: Collection[str], lookups: Mapping[str, str]) -> Any:
    """Filters as a map; `lookups`: what values name, by key."""
    named = {key: lookups.get(key, "") for key in keys}
    return option(dict, help="What must hold, by key.", key_lookups=named)


class NameValue(Options):
    """One filter as a block."""

    name: str = option(help="Key of the filter.")
    value: str = option(help="What it must be.")


class FilterOptions(Options):
    """Filters as a map, as blocks, or both."""

    keys: ClassVar[Mapping[str, str]] = {}
    """Keys, and the filters of the API that they are."""

    filters: dict[str, str] = option(dict, help="What must hold, by key.")
    filter: list[NameValue] = block(help="One filter.", several=True)

    @property
    def given(self) -> dict[str, str]:
        """All filters by key."""
        return {**self.filters, **{each.name: each.value for each in self.filter}}

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.given:
            if name not in self.keys:
                hint = did_you_mean(name, self.keys) or f" It has: {', '.join(self.keys)}."
                raise ValueError(f'there is no filter "{name}" here.{hint}'.removesuffix("."))
        self.wire()
        return self

    def wire(self) -> dict[str, Any]:
        """The filters as the API takes them. Raises ValueError for a value of the wrong kind."""
        return {self.keys[name]: _value(name, text) for name, text in self.given.items()}


def _value(name: str, text: str) -> object:
    if name == "is-default":
        if text not in ("true", "false"):
            raise ValueError(f'filter "{name}" is true or false, not "{text}"')
        return text == "true"
    if name == "available-ips-counts":
        if not text.isdecimal():
            raise ValueError(f'filter "{name}" is a number, not "{text}"')
        return [int(text)]
    return [text]


class ImageFilter(FilterOptions):
    """Which image."""

    keys: ClassVar[Mapping[str, str]] = {
        "account-alias": "AccountAliases",
        "account-id": "AccountIds",
        "architecture": "Architectures",
        "image-id": "ImageIds",
        "image-name": "ImageNames",
        "virtualization-type": "VirtualizationTypes",
        "root-device-type": "RootDeviceTypes",
    }

    filters: dict[str, str] = _filters(
        keys,
        {
            "account-alias": "owners",
            "account-id": "owners",
            "image-id": "omis",
            "image-name": "omi-names",
        },
    )
    owners: list[str] = option(
        list, help="Accounts of the image: ids, aliases, or self.", lookup="owners"
    )
    most_recent: bool = option(False, help="Take the newest of several.")


class NetFilter(FilterOptions):
    """Which Net; there must be exactly one."""

    keys: ClassVar[Mapping[str, str]] = {
        "ip-range": "IpRanges",
        "dhcp-options-set-id": "DhcpOptionsSetIds",
        "is-default": "IsDefault",
        "state": "States",
        **_TAGS,
    }

    filters: dict[str, str] = _filters(keys, {})


class SubnetFilter(FilterOptions):
    """Which subnet."""

    keys: ClassVar[Mapping[str, str]] = {
        "available-ips-counts": "AvailableIpsCounts",
        "ip-ranges": "IpRanges",
        "net-ids": "NetIds",
        "states": "States",
        "subnet-ids": "SubnetIds",
        "sub-region-names": "SubregionNames",
    }

    filters: dict[str, str] = _filters(
        keys, {"net-ids": "nets", "subnet-ids": "subnets", "sub-region-names": "subregions"}
    )

    most_free: bool = option(False, help="Take the one with the most free addresses of several.")
    random: bool = option(False, help="Take any of several.")


class SecurityGroupFilter(FilterOptions):
    """Which security groups; all that are found."""

    keys: ClassVar[Mapping[str, str]] = {
        "security_group_ids": "SecurityGroupIds",
        "security_group_names": "SecurityGroupNames",
        "tag_keys": "TagKeys",
        "tag_values": "TagValues",
        "tags": "Tags",
    }

    filters: dict[str, str] = _filters(
        keys,
        {
            "security_group_ids": "security-groups",
            "security_group_names": "security-group-names",
        },
    )
