"""CreateImage: of a VM, of snapshots, and as a copy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.actions import devices, find, images, snapshots, volumes
from oxtui.rack.outscale.cloud import new_id
from oxtui.rack.outscale.errors import (
    conflict,
    invalid,
    missing_parameter,
    not_simulated,
    wrong_state,
)
from oxtui.rack.outscale.lists import present
from oxtui.rack.outscale.records import Image

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud
    from oxtui.rack.outscale.records import Vm

_NAME = re.compile(r"[A-Za-z0-9_ ()/.-]{3,128}")
_WAYS = ("VmId", "BlockDeviceMappings", "SourceImageId")


async def create_image(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Make an image; it is `pending` in the reply."""
    if "FileLocation" in body:
        raise not_simulated("import of images from a bucket (FileLocation)")
    if body.get("TpmMandatory"):
        raise not_simulated("virtual TPM")
    ways = [name for name in _WAYS if name in body]
    if len(ways) != 1:
        raise invalid("4046", f"exactly one of {', '.join(_WAYS)} is required")
    name = _free_name(cloud, body)
    if "VmId" in body:
        made = await _of_vm(cloud, body)
    elif "SourceImageId" in body:
        made = await _copy(cloud, body)
    else:
        made = _of_snapshots(cloud, body)
    image = Image(
        id=new_id("ami"),
        account_id=cloud.account.id,
        name=name,
        description=body.get("Description", ""),
        state="pending",
        state_message="",
        time_created=cloud.transitions.moment(),
        product_codes=tuple(body.get("ProductCodes", ("0001",))),
        **made,
    )
    cloud.store.images.insert(image)
    cloud.transitions.image_recorded(image.id)
    return {"Image": images.view(cloud, image)}


def _free_name(cloud: Cloud, body: dict[str, Any]) -> str:
    name = str(body.get("ImageName", ""))
    if not _NAME.fullmatch(name):
        raise invalid(
            "4026", "ImageName must be 3 to 128 letters, digits or _ ( ) / . - and spaces"
        )
    if cloud.store.images.find(name=name, account_id=cloud.account.id) is not None:
        raise conflict("9015", f"the account has an image {name} already")
    return name


async def _of_vm(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    vm = find.vm(cloud, body["VmId"])
    if vm.state not in ("running", "stopped") or cloud.control.halted(vm):
        raise wrong_state("6006", f"VM {vm.id} is {vm.state}")
    halted = not body.get("NoReboot", False) and await cloud.control.halt(vm)
    try:
        mappings = await _captured(cloud, vm)
    finally:
        if halted:
            await cloud.control.resume(vm)
    return {
        "architecture": vm.architecture,
        "root_device_name": vm.root_device_name,
        "mappings": mappings,
        "boot_modes": tuple(body.get("BootModes", (vm.boot_mode,))),
    }


async def _captured(cloud: Cloud, vm: Vm) -> list[dict[str, Any]]:
    mappings = []
    for volume in cloud.store.volumes.all(vm_id=vm.id):
        snapshot = await snapshots.take(cloud, volume, description=f"Of {vm.id} for an image")
        bsu = {
            "SnapshotId": snapshot.id,
            "VolumeSize": volume.size,
            "VolumeType": volume.volume_type,
            "DeleteOnVmDeletion": True,
            **present(Iops=volume.iops),
        }
        mappings.append({"DeviceName": volume.device_name, "Bsu": bsu})
    return mappings


async def _copy(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    snapshots.check_source_region(cloud, body)
    source = find.image(cloud, body["SourceImageId"])
    if source.state != "available":
        raise wrong_state("6001", f"image {source.id} is {source.state}")
    mappings = []
    for mapping in source.mappings:
        original = cloud.store.snapshots.find(id=mapping["Bsu"].get("SnapshotId"))
        bsu = dict(mapping["Bsu"])
        if original is not None:
            copied = await snapshots.copy(cloud, original, description=f"Copy for {source.id}")
            bsu["SnapshotId"] = copied.id
        mappings.append({**mapping, "Bsu": bsu})
    return {
        "architecture": source.architecture,
        "root_device_name": source.root_device_name,
        "mappings": mappings,
        "boot_modes": source.boot_modes,
    }


def _of_snapshots(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    if "RootDeviceName" not in body:
        raise missing_parameter("RootDeviceName is required with BlockDeviceMappings")
    architecture = body.get("Architecture", "x86_64")
    if architecture not in ("x86_64", "i386"):
        raise invalid("4001", f"{architecture} is neither x86_64 nor i386")
    mappings = devices.by_name(body["BlockDeviceMappings"])
    root = mappings.get(body["RootDeviceName"], {})
    if "SnapshotId" not in root.get("Bsu", {}):
        raise invalid("4057", f"{body['RootDeviceName']} is not mapped to a snapshot")
    return {
        "architecture": architecture,
        "root_device_name": body["RootDeviceName"],
        "mappings": [_completed(cloud, mapping) for mapping in mappings.values()],
        "boot_modes": tuple(body.get("BootModes", ("legacy",))),
    }


def _completed(cloud: Cloud, mapping: dict[str, Any]) -> dict[str, Any]:
    if "Bsu" not in mapping:
        raise missing_parameter(f"Bsu is required for {mapping['DeviceName']}")
    bsu = mapping["Bsu"]
    size = volumes.restorable_size(cloud, bsu.get("SnapshotId"), bsu.get("VolumeSize"))
    kind = bsu.get("VolumeType", volumes.DEFAULT_TYPE)
    devices.check_volume(kind, size, bsu.get("Iops"))
    defaults = {"VolumeSize": size, "VolumeType": kind, "DeleteOnVmDeletion": True}
    return {"DeviceName": mapping["DeviceName"], "Bsu": {**defaults, **bsu}}


ACTIONS = {"CreateImage": create_image}
