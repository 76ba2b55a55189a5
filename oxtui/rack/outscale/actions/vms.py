"""VMs: reading, starting, stopping, rebooting and deleting them, and what their consoles say."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.actions import find
from oxtui.rack.outscale.actions.vm_view import view
from oxtui.rack.outscale.actions.volumes import check_bootable
from oxtui.rack.outscale.errors import conflict, wrong_state
from oxtui.rack.outscale.lists import by, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from oxtui.rack.outscale.cloud import Cloud
    from oxtui.rack.outscale.records import Vm


CONSOLE_BYTES = 64 * 1024
"""That the API gives of a console."""
_FILTERS = by(
    "VmId VmType ImageId KeypairName NetId SubnetId PrivateIp PublicIp ReservationId ClientToken "
    "RootDeviceName Architecture",
    VmStateNames="State",
    SubregionNames="Placement.SubregionName",
    SecurityGroupIds="SecurityGroups.SecurityGroupId",
    VmSecurityGroupIds="SecurityGroups.SecurityGroupId",
    SecurityGroupNames="SecurityGroups.SecurityGroupName",
    BlockDeviceMappingVolumeIds="BlockDeviceMappings.Bsu.VolumeId",
    BlockDeviceMappingDeviceNames="BlockDeviceMappings.DeviceName",
)


async def read_vms(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """The VMs of the account; a terminated one stays in sight."""
    for identifier in body.get("Filters", {}).get("VmIds", ()):
        find.check_id(identifier, "i")
    found = [view(cloud, vm) for vm in cloud.store.vms.all()]
    return listed(body, found, field="Vms", filters=_FILTERS)


async def start_vms(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Start VMs that are stopped; one that runs goes on."""
    vms = _all_in(cloud, body, "stopped", "pending", "running")
    for vm in vms:
        if vm.state == "stopped":
            await check_bootable(cloud, vm)

    def start(vm: Vm) -> None:
        if vm.state == "stopped":
            if vm.subnet_id is None:
                cloud.store.vms.update(vm.id, public_position=cloud.places.free_public())
            cloud.control.start(vm)

    return _changed(cloud, vms, start)


async def stop_vms(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Stop VMs; one that is stopped or stopping stays so."""
    vms = _all_in(cloud, body, "running", "pending", "stopping", "stopped")

    def stop(vm: Vm) -> None:
        if vm.state in ("running", "pending"):
            cloud.control.stop(vm)

    return _changed(cloud, vms, stop)


async def reboot_vms(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Reset VMs that run."""
    for vm in _all_in(cloud, body, "running"):
        cloud.control.reboot(vm)
    return {}


async def read_console_output(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """The latest 64 KiB of what a VM said since it was started last."""
    vm = find.vm(cloud, body["VmId"])
    said = cloud.control.console(vm, CONSOLE_BYTES)
    return {"VmId": vm.id, "ConsoleOutput": base64.b64encode(said).decode()}


async def delete_vms(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Terminate VMs, whatever they do; to do it twice is no error."""
    vms = [find.vm(cloud, identifier) for identifier in body["VmIds"]]
    for vm in vms:
        if vm.deletion_protection:
            raise conflict("9031", f"VM {vm.id} is protected from deletion")
        _check_not_halted(cloud, vm)

    def delete(vm: Vm) -> None:
        if vm.state not in ("shutting-down", "terminated"):
            cloud.control.delete(vm)

    return _changed(cloud, vms, delete)


def _all_in(cloud: Cloud, body: dict[str, Any], *states: str) -> list[Vm]:
    """Return the VMs that are named; all must be in one of the states, or nothing happens."""
    vms = [find.vm(cloud, identifier) for identifier in body["VmIds"]]
    for vm in vms:
        if vm.state not in states:
            raise wrong_state("6006", f"VM {vm.id} is {vm.state}")
        _check_not_halted(cloud, vm)
    return vms


def _check_not_halted(cloud: Cloud, vm: Vm) -> None:
    if cloud.control.halted(vm):
        raise wrong_state("6006", f"an image is being made of VM {vm.id}")


def _changed(cloud: Cloud, vms: list[Vm], change: Callable[[Vm], None]) -> dict[str, Any]:
    shown = []
    for vm in vms:
        change(vm)
        now = cloud.store.vms.find(id=vm.id) or vm
        shown.append({"VmId": vm.id, "PreviousState": vm.state, "CurrentState": now.state})
    return {"Vms": shown}


ACTIONS = {
    "ReadVms": read_vms,
    "StartVms": start_vms,
    "StopVms": stop_vms,
    "RebootVms": reboot_vms,
    "ReadConsoleOutput": read_console_output,
    "DeleteVms": delete_vms,
}
