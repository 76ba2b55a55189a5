"""BSU volumes: made empty or from a snapshot, deleted when nothing uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.actions import devices, find
from oxtui.rack.outscale.cloud import new_id
from oxtui.rack.outscale.errors import (
    invalid,
    missing_parameter,
    no_such,
    not_simulated,
    wrong_state,
)
from oxtui.rack.outscale.lists import by, present, reading
from oxtui.rack.outscale.records import Volume

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud
    from oxtui.rack.outscale.records import Vm

DEFAULT_TYPE = "standard"


def restorable_size(cloud: Cloud, snapshot_id: str | None, size: int | None) -> int:
    """Return the size in GiB of a volume that is restored from a snapshot, or empty.

    OapiError 5054, 6003, 4078 or 7000 if there cannot be one.
    """
    if snapshot_id is None:
        if size is None:
            raise missing_parameter("Size is required for a volume that is not from a snapshot")
        return size
    snapshot = find.snapshot(cloud, snapshot_id)
    if snapshot.state != "completed":
        raise wrong_state("6003", f"snapshot {snapshot.id} is {snapshot.state}")
    if size is not None and size < snapshot.size:
        raise invalid("4078", f"{size} GiB are less than the snapshot's {snapshot.size}")
    return size or snapshot.size


async def fill(cloud: Cloud, volume: Volume) -> None:
    """Make the content of a recorded volume."""
    if volume.snapshot_id is None:
        await cloud.contents.create_blank(volume.id)
    else:
        await cloud.contents.create_from(volume.id, volume.snapshot_id)


async def check_bootable(cloud: Cloud, vm: Vm) -> None:
    """Raise OapiError 0 if a VM has a root volume with nothing on it that it could boot from."""
    root = cloud.store.volumes.find(vm_id=vm.id, device_name=vm.root_device_name)
    if root is not None and not await cloud.contents.bootable(root.id):
        raise not_simulated(
            f"way to boot from {root.id}: neither all of it nor a partition is an ext4 or XFS file system"
        )


async def create_volume(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Make a volume; it is `creating` in the reply."""
    token = body.get("ClientToken")
    known = None if token is None else cloud.store.volumes.find(client_token=token)
    if known is not None:
        return {"Volume": view(cloud, known)}
    check_subregion(cloud, body["SubregionName"])
    size = restorable_size(cloud, body.get("SnapshotId"), body.get("Size"))
    kind = body.get("VolumeType", DEFAULT_TYPE)
    devices.check_volume(kind, size, body.get("Iops"))
    volume = Volume(
        id=new_id("vol"),
        size=size,
        volume_type=kind,
        iops=body.get("Iops"),
        snapshot_id=body.get("SnapshotId"),
        state="creating",
        subregion=body["SubregionName"],
        time_created=cloud.transitions.moment(),
        client_token=token,
    )
    cloud.store.volumes.insert(volume)
    try:
        await fill(cloud, volume)
    except BaseException:
        cloud.store.volumes.delete(id=volume.id)
        raise
    cloud.transitions.volume_made(volume.id)
    return {"Volume": view(cloud, volume)}


def check_subregion(cloud: Cloud, name: str) -> None:
    """Raise OapiError 5009 unless the region has such a subregion."""
    if name not in cloud.account.subregions:
        raise no_such("5009", f"{name} is none of {', '.join(cloud.account.subregions)}")


def _views(cloud: Cloud) -> list[dict[str, Any]]:
    return [view(cloud, volume) for volume in cloud.store.volumes.all()]


_FILTERS = by(
    "VolumeId VolumeType SnapshotId SubregionName ClientToken",
    VolumeStates="State",
    VolumeSizes="Size",
    LinkVolumeVmIds="LinkedVolumes.VmId",
    LinkVolumeDeviceNames="LinkedVolumes.DeviceName",
    LinkVolumeLinkStates="LinkedVolumes.State",
    LinkVolumeDeleteOnVmDeletion="LinkedVolumes.DeleteOnVmDeletion",
)


async def delete_volume(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Delete a volume that is available, or failed."""
    volume = find.volume(cloud, body["VolumeId"])
    if volume.state not in ("available", "error"):
        raise wrong_state("6007", f"volume {volume.id} is {volume.state}")
    cloud.store.forget(cloud.store.volumes, volume.id)
    await cloud.contents.delete(volume.id)
    return {}


def view(cloud: Cloud, volume: Volume) -> dict[str, Any]:
    """Return the API's form."""
    shown: dict[str, Any] = {
        "VolumeId": volume.id,
        "Size": volume.size,
        "VolumeType": volume.volume_type,
        "State": volume.state,
        "SubregionName": volume.subregion,
        "CreationDate": volume.time_created,
        "LinkedVolumes": [],
        "Tags": cloud.store.tags_of(volume.id),
    }
    if volume.vm_id is not None:
        link = {
            "VolumeId": volume.id,
            "VmId": volume.vm_id,
            "DeviceName": volume.device_name,
            "State": volume.link_state,
            "DeleteOnVmDeletion": volume.delete_on_vm_deletion,
        }
        shown["LinkedVolumes"] = [link]
    return shown | present(
        Iops=volume.iops, SnapshotId=volume.snapshot_id, ClientToken=volume.client_token
    )


ACTIONS = {
    "CreateVolume": create_volume,
    "ReadVolumes": reading("Volumes", _views, _FILTERS),
    "DeleteVolume": delete_volume,
}
