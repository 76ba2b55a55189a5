"""Nets and subnets, which come with the rack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.lists import by, reading

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud


def _nets(cloud: Cloud) -> list[dict[str, Any]]:
    return [
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


def _subnets(cloud: Cloud) -> list[dict[str, Any]]:
    return [
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


ACTIONS = {
    "ReadNets": reading("Nets", _nets, by("NetId IpRange State DhcpOptionsSetId")),
    "ReadSubnets": reading(
        "Subnets", _subnets, by("SubnetId NetId IpRange AvailableIpsCount State SubregionName")
    ),
}
