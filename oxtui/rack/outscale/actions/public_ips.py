"""Public IPs: taken, linked to a VM, unlinked and given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.actions import find
from oxtui.rack.outscale.cloud import new_id
from oxtui.rack.outscale.errors import (
    conflict,
    missing_parameter,
    no_such,
    not_simulated,
    quota,
    wrong_state,
)
from oxtui.rack.outscale.lists import by, reading
from oxtui.rack.outscale.records import PublicIp

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud


async def create_public_ip(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Take a free address."""
    if cloud.faults.of_feature("public_ip") is not None:
        raise quota("10011", "the account has as many public IPs as it may")
    ip = PublicIp(
        id=new_id("eipalloc"), position=cloud.places.free_public(), vm_id=None, link_id=None
    )
    cloud.store.public_ips.insert(ip)
    return {"PublicIp": _view(cloud, ip)}


def _views(cloud: Cloud) -> list[dict[str, Any]]:
    return [_view(cloud, ip) for ip in cloud.store.public_ips.all()]


_FILTERS = by("PublicIpId PublicIp LinkPublicIpId VmId PrivateIp")


async def link_public_ip(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Let a public IP lead to a VM."""
    for name in ("NicId", "PrivateIp"):
        if name in body:
            raise not_simulated(f"links of public IPs to network interfaces ({name})")
    ip = _named(cloud, body)
    if "VmId" not in body:
        raise missing_parameter("VmId is required")
    vm = find.vm(cloud, body["VmId"])
    if vm.state not in ("pending", "running", "stopped"):
        raise wrong_state("6006", f"VM {vm.id} is {vm.state}")
    if ip.vm_id is not None:
        if not body.get("AllowRelink"):
            raise conflict("9031", f"public IP {ip.id} leads to {ip.vm_id}")
        await cloud.ways_in.unlink(ip.id)
    if cloud.store.public_ips.find(vm_id=vm.id) is not None:
        raise conflict("9031", f"VM {vm.id} has a public IP already")
    link_id = new_id("eipassoc")
    cloud.store.public_ips.update(ip.id, vm_id=vm.id, link_id=link_id)
    if vm.state != "stopped":
        await cloud.ways_in.open_all(vm.id)
    return {"LinkPublicIpId": link_id}


async def unlink_public_ip(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Take a public IP from its VM."""
    if "LinkPublicIpId" in body:
        ip = cloud.store.public_ips.find(link_id=body["LinkPublicIpId"])
    else:
        ip = _named(cloud, body)
    if ip is None or ip.link_id is None:
        raise no_such("5026", "the public IP leads to nothing")
    await cloud.ways_in.unlink(ip.id)
    return {}


async def delete_public_ip(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Give an address back that leads to nothing."""
    ip = _named(cloud, body)
    if ip.vm_id is not None:
        raise conflict("9031", f"public IP {ip.id} leads to {ip.vm_id}")
    cloud.store.forget(cloud.store.public_ips, ip.id)
    return {}


def _named(cloud: Cloud, body: dict[str, Any]) -> PublicIp:
    identifier, address = body.get("PublicIpId"), body.get("PublicIp")
    if identifier is None and address is None:
        raise missing_parameter("PublicIpId or PublicIp is required")
    return find.public_ip(cloud, identifier, address)


def _view(cloud: Cloud, ip: PublicIp) -> dict[str, Any]:
    linked: dict[str, Any] = {}
    vm = cloud.store.vms.find(id=ip.vm_id)
    if vm is not None:
        linked = {
            "LinkPublicIpId": ip.link_id,
            "VmId": vm.id,
            "PrivateIp": cloud.ways_in.private(vm),
        }
    return {
        "PublicIpId": ip.id,
        "PublicIp": cloud.places.public(ip.position),
        "Tags": cloud.store.tags_of(ip.id),
        **linked,
    }


ACTIONS = {
    "CreatePublicIp": create_public_ip,
    "ReadPublicIps": reading("PublicIps", _views, _FILTERS),
    "LinkPublicIp": link_public_ip,
    "UnlinkPublicIp": unlink_public_ip,
    "DeletePublicIp": delete_public_ip,
}
