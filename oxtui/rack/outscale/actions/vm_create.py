"""CreateVms: VMs of an image, with its volumes and those the request adds."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale import vm_types
from oxtui.rack.outscale.actions import devices, find, volumes
from oxtui.rack.outscale.actions.security_groups import DEFAULT
from oxtui.rack.outscale.actions.vm_view import view
from oxtui.rack.outscale.cloud import new_id
from oxtui.rack.outscale.errors import (
    conflict,
    invalid,
    missing_parameter,
    no_such,
    not_simulated,
    wrong_state,
)
from oxtui.rack.outscale.records import Vm, Volume

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud
    from oxtui.rack.outscale.records import Image

_LARGEST_USER_DATA = 500 * 1024
_BEHAVIORS = ("stop", "terminate", "restart")
_UNSIMULATED = ("Nics", "PrivateIps", "ActionsOnNextBoot")


async def create_vms(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Make VMs, as many as MaxVmsCount says, and start them; they are `pending` in the reply."""
    token = body.get("ClientToken")
    known = [] if token is None else cloud.store.vms.all(client_token=token)
    if known:
        return {"Vms": [view(cloud, vm) for vm in known]}
    for name in _UNSIMULATED:
        if name in body:
            raise not_simulated(f"{name} of CreateVms")
    for name in ("TpmEnabled", "NestedVirtualization"):
        if body.get(name):
            raise not_simulated(name)
    most, least = body.get("MaxVmsCount", 1), body.get("MinVmsCount", 1)
    if not 1 <= least <= most:
        raise invalid("4018", f"{least} to {most} is no number of VMs")
    image = find.image(cloud, body["ImageId"])
    if image.state != "available":
        raise wrong_state("6001", f"image {image.id} is {image.state}")
    common = _common(cloud, body, image)
    planned = _planned(cloud, body, image)
    made = []
    with cloud.store.transaction():
        for number in range(most):
            made.append(_recorded(cloud, {**common, "launch_number": number}, planned))
    boots = body.get("BootOnCreation", True)
    for vm in made:
        await _equip(cloud, vm, made, boots=boots)
    for vm in made:
        if boots:
            cloud.control.start(vm)
        else:
            cloud.store.vms.update(vm.id, state="stopped", public_position=None)
    return {"Vms": [view(cloud, cloud.store.vms.find(id=vm.id) or vm) for vm in made]}


async def _equip(cloud: Cloud, vm: Vm, made: list[Vm], *, boots: bool) -> None:
    """Make what is on a VM's volumes; if that fails, nothing of the request is left."""
    try:
        for volume in cloud.store.volumes.all(vm_id=vm.id):
            await volumes.fill(cloud, volume)
            cloud.store.volumes.update(volume.id, state="in-use", link_state="attached")
        if boots:
            await volumes.check_bootable(cloud, vm)
    except BaseException:
        for each in made:
            for volume in cloud.store.volumes.all(vm_id=each.id):
                await cloud.contents.delete(volume.id)
            cloud.store.volumes.delete(vm_id=each.id)
            cloud.store.vms.delete(id=each.id)
        raise


def _common(cloud: Cloud, body: dict[str, Any], image: Image) -> dict[str, Any]:
    """What the VMs of a request have in common."""
    vm_type = body.get("VmType", vm_types.DEFAULT)
    vm_types.size(vm_type)
    boot_mode = body.get("BootMode", image.boot_modes[0])
    if boot_mode not in image.boot_modes:
        raise invalid("4047", f"the image boots {', '.join(image.boot_modes)}, not {boot_mode}")
    name = body.get("KeypairName")
    subregion, net_id = _place(cloud, body)
    return {
        "image_id": image.id,
        "vm_type": vm_type,
        "state": "pending",
        "state_reason": "",
        "time_created": cloud.transitions.moment(),
        "reservation_id": new_id("r"),
        "client_token": body.get("ClientToken"),
        "keypair_name": name,
        "ssh_key": None if name is None else find.keypair(cloud, name).public_key,
        "user_data": _user_data(body),
        "subnet_id": body.get("SubnetId"),
        "subregion": subregion,
        "security_groups": _groups(cloud, body, net_id),
        "root_device_name": image.root_device_name,
        "shutdown_behavior": _behavior(body),
        "boot_mode": boot_mode,
        "performance": body.get("Performance", "high"),
        "architecture": image.architecture,
        "product_codes": image.product_codes,
        "deletion_protection": body.get("DeletionProtection", False),
    }


def _place(cloud: Cloud, body: dict[str, Any]) -> tuple[str, str | None]:
    """Return the subregion, and the Net where there is one."""
    wanted = body.get("Placement", {}).get("SubregionName")
    if wanted is not None:
        volumes.check_subregion(cloud, wanted)
    if "SubnetId" not in body:
        return wanted or cloud.account.subregions[0], None
    subnet = find.subnet(cloud, body["SubnetId"])
    if wanted not in (None, subnet.subregion):
        raise conflict("9071", f"subnet {subnet.id} is in {subnet.subregion}, not in {wanted}")
    return subnet.subregion, subnet.net_id


def _groups(cloud: Cloud, body: dict[str, Any], net_id: str | None) -> tuple[str, ...]:
    names = body.get("SecurityGroups", [])
    groups = [find.security_group(cloud, each) for each in body.get("SecurityGroupIds", ())]
    if not groups and not names:
        names = [DEFAULT]
    for name in names:
        named = cloud.store.security_groups.find(name=name, net_id=net_id)
        if named is None:
            raise no_such("5020", f"there is no security group {name}")
        groups.append(named)
    for group in groups:
        if group.net_id != net_id:
            code = "5021" if net_id is None else "5022"
            raise no_such(code, f"security group {group.id} is not of the VM's network")
    return tuple(group.id for group in groups)


def _user_data(body: dict[str, Any]) -> str:
    text = str(body.get("UserData", ""))
    try:
        size = len(base64.b64decode(text, validate=True))
    except binascii.Error:
        raise invalid("4047", "UserData is not base64") from None
    if size > _LARGEST_USER_DATA:
        raise invalid("4106", f"UserData has {size} bytes, more than {_LARGEST_USER_DATA}")
    return text


def _behavior(body: dict[str, Any]) -> str:
    configured = body.get("ShutdownBehaviorConfiguration", {}).get("GuestAction", "stop")
    behavior = str(body.get("VmInitiatedShutdownBehavior", configured))
    if behavior not in _BEHAVIORS:
        raise invalid("4047", f"{behavior} is none of {', '.join(_BEHAVIORS)}")
    return behavior


def _planned(cloud: Cloud, body: dict[str, Any], image: Image) -> list[dict[str, Any]]:
    """Return columns of the volumes of each VM: the image's, changed and added to by the request."""
    wanted = {each["DeviceName"]: dict(each["Bsu"]) for each in image.mappings}
    for name, mapping in devices.by_name(body.get("BlockDeviceMappings", [])).items():
        if "NoDevice" in mapping:
            wanted.pop(name, None)
        elif "Bsu" not in mapping:
            raise missing_parameter(f"Bsu or NoDevice is required for {name}")
        else:
            wanted[name] = {**wanted.get(name, {}), **mapping["Bsu"]}
    if image.root_device_name not in wanted:
        raise invalid("4057", f"the root device {image.root_device_name} must be mapped")
    return [_columns(cloud, image, name, bsu) for name, bsu in wanted.items()]


def _columns(cloud: Cloud, image: Image, name: str, bsu: dict[str, Any]) -> dict[str, Any]:
    snapshot_id = bsu.get("SnapshotId")
    of_image: list[dict[str, Any]] = [
        each["Bsu"]
        for each in image.mappings
        if each["DeviceName"] == name and each["Bsu"].get("SnapshotId") == snapshot_id
    ]
    if snapshot_id is not None and of_image:
        # Whoever may launch an image may restore its snapshots that way.
        size, least = int(bsu["VolumeSize"]), int(of_image[0]["VolumeSize"])
        if size < least:
            raise invalid("4078", f"{name} needs {least} GiB, not {size}")
    else:
        size = volumes.restorable_size(cloud, snapshot_id, bsu.get("VolumeSize"))
    kind = bsu.get("VolumeType", volumes.DEFAULT_TYPE)
    iops = bsu.get("Iops") if kind == "io1" else None
    devices.check_volume(kind, size, iops)
    return {
        "device_name": name,
        "size": size,
        "volume_type": kind,
        "iops": iops,
        "snapshot_id": snapshot_id,
        "delete_on_vm_deletion": bsu.get("DeleteOnVmDeletion", True),
    }


def _recorded(cloud: Cloud, common: dict[str, Any], planned: list[dict[str, Any]]) -> Vm:
    vm = Vm(
        id=new_id("i"),
        private_position=cloud.places.free_private(),
        public_position=cloud.places.free_public() if common["subnet_id"] is None else None,
        **common,
    )
    cloud.store.vms.insert(vm)
    for columns in planned:
        cloud.store.volumes.insert(
            Volume(
                id=new_id("vol"),
                state="creating",
                subregion=vm.subregion,
                time_created=vm.time_created,
                vm_id=vm.id,
                link_state="attaching",
                time_linked=vm.time_created,
                **columns,
            )
        )
    return vm


ACTIONS = {"CreateVms": create_vms}
