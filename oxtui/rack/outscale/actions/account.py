"""The account, its region and what it can have: accounts, regions, subregions, VM types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale import vm_types
from oxtui.rack.outscale.lists import by, reading

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud


async def read_accounts(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """The account of who asks."""
    account = {
        "AccountId": cloud.account.id,
        "CompanyName": "Example",
        "Country": "France",
        "Email": "operator@example.com",
        "FirstName": "Olivia",
        "LastName": "Operator",
    }
    return {"Accounts": [account]}


async def read_regions(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """The one region of the rack."""
    region = cloud.account.region
    return {"Regions": [{"RegionName": region, "Endpoint": f"api.{region}.outscale.com"}]}


def _subregions(cloud: Cloud) -> list[dict[str, Any]]:
    return [
        {
            "SubregionName": name,
            "RegionName": cloud.account.region,
            "State": "available",
            "LocationCode": f"SIM{number}",
        }
        for number, name in enumerate(cloud.account.subregions, 1)
    ]


def _vm_types(cloud: Cloud) -> list[dict[str, Any]]:
    """A few; any name of the tina family is one."""
    sizes = {name: vm_types.size(name) for name in vm_types.SHOWN}
    return [
        {
            "VmTypeName": name,
            "VcoreCount": cores,
            "MemorySize": memory / vm_types.GIB,
            "BsuOptimized": False,
            "VolumeCount": 0,
        }
        for name, (cores, memory) in sizes.items()
    ]


ACTIONS = {
    "ReadAccounts": read_accounts,
    "ReadRegions": read_regions,
    "ReadSubregions": reading(
        "Subregions", _subregions, by("SubregionName RegionName State"), "SubregionName"
    ),
    "ReadVmTypes": reading(
        "VmTypes", _vm_types, by("VmTypeName VcoreCount MemorySize"), "VmTypeName"
    ),
}
