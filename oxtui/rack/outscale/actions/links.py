"""Links of volumes to VMs.

A linked volume is a state of the model; inside the VM no block device appears. As the root device it
is what the VM boots from. Where the rack was asked for it, the volume is a loop device of the machine
that the rack runs on, which then stands for the VM: files become a partition with a file system, and a
VM that boots from such a volume has what is on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.isolation.errors import RackMachineError
from oxtui.rack.outscale.actions import devices, find
from oxtui.rack.outscale.errors import conflict, not_simulated, wrong_state
from oxtui.rack.outscale.vm_types import GIB

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud


async def link_volume(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Link a volume to a running or stopped VM of its subregion."""
    vm = find.vm(cloud, body["VmId"])
    volume = find.volume(cloud, body["VolumeId"])
    name = body["DeviceName"]
    devices.check_name(name)
    if vm.state not in ("running", "stopped"):
        raise wrong_state("6006", f"VM {vm.id} is {vm.state}")
    if volume.state != "available":
        raise wrong_state("6007", f"volume {volume.id} is {volume.state}")
    if volume.subregion != vm.subregion:
        raise conflict("9071", f"{volume.id} is in {volume.subregion}, {vm.id} in {vm.subregion}")
    if cloud.store.volumes.find(vm_id=vm.id, device_name=name) is not None:
        raise conflict("9004", f"device {name} of {vm.id} is in use")
    if vm.state == "running" and cloud.loop_devices.wanted:
        size = volume.size * GIB
        try:
            await cloud.contents.to_bytes(volume.id, size)
        except RackMachineError as error:
            raise not_simulated(f"device for {volume.id}: {error}") from error
        await cloud.loop_devices.attach(volume.id, size)
    cloud.store.volumes.update(
        volume.id,
        state="in-use",
        vm_id=vm.id,
        device_name=name,
        link_state="attaching",
        time_linked=cloud.transitions.moment(),
        delete_on_vm_deletion=False,
    )
    cloud.transitions.link_made(volume.id)
    return {}


async def unlink_volume(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Take a volume from its VM; the root device of a VM only when that is stopped."""
    volume = find.volume(cloud, body["VolumeId"])
    vm = cloud.store.vms.find(id=volume.vm_id)
    if vm is None:
        raise conflict("9063", f"volume {volume.id} is not linked")
    if volume.link_state != "attached" and not body.get("ForceUnlink"):
        raise wrong_state("6007", f"volume {volume.id} is {volume.link_state}")
    if volume.device_name == vm.root_device_name and vm.state != "stopped":
        raise wrong_state("6006", f"{volume.id} is the root of {vm.id}, which is {vm.state}")
    cloud.transitions.link_left(volume.id)
    return {}


ACTIONS = {"LinkVolume": link_volume, "UnlinkVolume": unlink_volume}
