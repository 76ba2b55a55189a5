"""A VM as the API shows it.

The rack has no name server: the DNS names it shows are the addresses themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.lists import present

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud
    from oxtui.rack.outscale.records import Vm, Volume


def view(cloud: Cloud, vm: Vm) -> dict[str, Any]:
    """Return the API's form."""
    shown: dict[str, Any] = {
        "VmId": vm.id,
        "ImageId": vm.image_id,
        "VmType": vm.vm_type,
        "State": vm.state,
        "StateReason": vm.state_reason,
        "CreationDate": vm.time_created,
        "Architecture": vm.architecture,
        "ActionsOnNextBoot": {"SecureBoot": "none"},
        "BlockDeviceMappings": [_device(each) for each in cloud.store.volumes.all(vm_id=vm.id)],
        "BootMode": vm.boot_mode,
        "BsuOptimized": False,
        "DeletionProtection": vm.deletion_protection,
        "Hypervisor": "xen",
        "IsSourceDestChecked": True,
        "LaunchNumber": vm.launch_number,
        "NestedVirtualization": False,
        "OsFamily": "linux",
        "Performance": vm.performance,
        "Placement": {"SubregionName": vm.subregion, "Tenancy": "default"},
        "ProductCodes": list(vm.product_codes),
        "ReservationId": vm.reservation_id,
        "RootDeviceName": vm.root_device_name,
        "RootDeviceType": "bsu",
        "SecurityGroups": _groups(cloud, vm),
        "ShutdownBehaviorConfiguration": {
            "GuestAction": "terminate" if vm.shutdown_behavior == "terminate" else "stop",
            "HostAction": "restart" if vm.shutdown_behavior == "restart" else "stop",
        },
        "Tags": cloud.store.tags_of(vm.id),
        "TpmEnabled": False,
        "UserData": vm.user_data,
        "VmInitiatedShutdownBehavior": vm.shutdown_behavior,
    }
    shown |= present(ClientToken=vm.client_token, KeypairName=vm.keypair_name)
    if vm.state == "terminated":
        return shown
    return shown | _network(cloud, vm)


def _device(volume: Volume) -> dict[str, Any]:
    bsu = {
        "VolumeId": volume.id,
        "State": volume.link_state,
        "LinkDate": volume.time_linked,
        "DeleteOnVmDeletion": volume.delete_on_vm_deletion,
    }
    return {"DeviceName": volume.device_name, "Bsu": bsu}


def _groups(cloud: Cloud, vm: Vm) -> list[dict[str, str]]:
    found = (cloud.store.security_groups.find(id=each) for each in vm.security_groups)
    return [
        {"SecurityGroupId": group.id, "SecurityGroupName": group.name}
        for group in found
        if group is not None
    ]


def _network(cloud: Cloud, vm: Vm) -> dict[str, Any]:
    private, public = cloud.ways_in.private(vm), cloud.ways_in.public(vm)
    shown: dict[str, Any] = {"PrivateIp": private, "PrivateDnsName": private}
    link = {}
    if public is not None:
        shown |= {"PublicIp": public, "PublicDnsName": public}
        leads = {"PublicIp": public, "PublicDnsName": public}
        link = {"LinkPublicIp": {**leads, "PublicIpAccountId": cloud.account.id}}
    subnet = cloud.store.subnets.find(id=vm.subnet_id)
    if subnet is None:
        return shown
    digits = vm.id.partition("-")[2]
    nic = {
        "NicId": f"eni-{digits}",
        "NetId": subnet.net_id,
        "SubnetId": subnet.id,
        "AccountId": cloud.account.id,
        "Description": "Primary network interface",
        "IsSourceDestChecked": True,
        "LinkNic": {
            "DeleteOnVmDeletion": True,
            "DeviceNumber": 0,
            "LinkNicId": f"eni-attach-{digits}",
            "State": "attached",
        },
        "MacAddress": ":".join(("AA", "00", *(digits[at : at + 2].upper() for at in (0, 2, 4, 6)))),
        "PrivateDnsName": private,
        "PrivateIps": [
            {"IsPrimary": True, "PrivateIp": private, "PrivateDnsName": private, **link}
        ],
        "SecurityGroups": _groups(cloud, vm),
        "State": "in-use",
        **link,
    }
    return {**shown, "NetId": subnet.net_id, "SubnetId": subnet.id, "Nics": [nic]}
