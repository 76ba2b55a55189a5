"""The account, its region and what it can have: accounts, regions, subregions, VM types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale import vm_types
from oxtui.rack.outscale.lists import listed

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


async def read_subregions(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """The region's subregions."""
    found = [
        {
            "SubregionName": name,
            "RegionName": cloud.account.region,
            "State": "available",
            "LocationCode": f"SIM{number}",
        }
        for number, name in enumerate(cloud.account.subregions, 1)
    ]
    known = {"SubregionNames": "SubregionName", "RegionNames": "RegionName", "States": "State"}
    return listed(body, found, field="Subregions", key="SubregionName", filters=known)


async def read_vm_types(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """A few of the VM types; any name of the tina family is one."""
    found = []
    for name in vm_types.SHOWN:
        cores, memory = vm_types.size(name)
        found.append(
            {
                "VmTypeName": name,
                "VcoreCount": cores,
                "MemorySize": memory / vm_types.GIB,
                "BsuOptimized": False,
                "VolumeCount": 0,
            }
        )
    known = {
        "VmTypeNames": "VmTypeName",
        "VcoreCounts": "VcoreCount",
        "MemorySizes": "MemorySize",
    }
    return listed(body, found, field="VmTypes", key="VmTypeName", filters=known)


ACTIONS = {
    "ReadAccounts": read_accounts,
    "ReadRegions": read_regions,
    "ReadSubregions": read_subregions,
    "ReadVmTypes": read_vm_types,
}
