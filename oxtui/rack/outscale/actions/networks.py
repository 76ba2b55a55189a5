"""Nets and subnets, which come with the rack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.lists import TAGS, listed

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud


async def read_nets(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """The Nets of the account."""
    found = [
        {
            "NetId": net.id,
            "IpRange": cloud.places.net_range,
            "DhcpOptionsSetId": net.dhcp_options_set_id,
            "State": "available",
            "Tenancy": "default",
            "Tags": cloud.store.tags_of(net.id),
        }
        for net in cloud.store.nets.all()
    ]
    known = {
        "NetIds": "NetId",
        "IpRanges": "IpRange",
        "States": "State",
        "DhcpOptionsSetIds": "DhcpOptionsSetId",
        **TAGS,
    }
    return listed(body, found, field="Nets", key="NetId", filters=known)


async def read_subnets(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """The subnets of the account."""
    found = [
        {
            "SubnetId": subnet.id,
            "NetId": subnet.net_id,
            "IpRange": cloud.places.subnet_range,
            "AvailableIpsCount": cloud.places.count_free(),
            "MapPublicIpOnLaunch": False,
            "State": "available",
            "SubregionName": subnet.subregion,
            "Tags": cloud.store.tags_of(subnet.id),
        }
        for subnet in cloud.store.subnets.all()
    ]
    known = {
        "SubnetIds": "SubnetId",
        "NetIds": "NetId",
        "IpRanges": "IpRange",
        "AvailableIpsCounts": "AvailableIpsCount",
        "States": "State",
        "SubregionNames": "SubregionName",
        **TAGS,
    }
    return listed(body, found, field="Subnets", key="SubnetId", filters=known)


ACTIONS = {"ReadNets": read_nets, "ReadSubnets": read_subnets}
