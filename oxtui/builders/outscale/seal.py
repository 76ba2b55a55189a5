"""Steps from the provisioned VM to the stopped one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.builders import guest_steps
from oxtui.builders.outscale.vm import state_teller
from oxtui.builders.outscale.waiting import once_free, vm_state
from oxtui.component.protocols import StepContext

if TYPE_CHECKING:
    from oxtui.builders.outscale.vm_builder import VmBuilder
    from oxtui.outscale.client import OutscaleClient


async def clear_keys(builder: VmBuilder, context: StepContext) -> None:
    """Takes the temporary key out of authorized_keys.

    Raises:
        StepError: it cannot be edited.
    """
    comments = builder.found.key_comments or (f"{builder.keypair_name} temporary",)
    await guest_steps.clear_keys(builder.guest, comments, context)


async def sync(builder: VmBuilder, context: StepContext) -> None:
    """Writes the guest's caches to its disk: StopVms waits for the guest, but not without end.

    Raises:
        StepError: `sync` did not succeed.
    """
    await guest_steps.sync(builder.guest, context)


async def stop(builder: VmBuilder, context: StepContext) -> None:
    """Stops the VM, unless the guest does so by itself, and waits until it is stopped.

    Raises:
        StepError: it is not stopped in time.
    """
    await builder.disconnect()
    client = await builder.client()
    if not builder.options.disable_stop_vm:
        await switch_off(builder, client, context)
        return
    context.say("Waiting for the guest to shut down by itself (disable_stop_vm)")
    vm = await client.vms.find(builder.found.vm)
    # What `terminate` says is of shutdowns by the guest alone: StopVms stops the VM all the same.
    terminates = vm is not None and vm.vm_initiated_shutdown_behavior == "terminate"
    await _becomes(builder, client, context, "terminated" if terminates else "stopped")


async def switch_off(builder: VmBuilder, client: OutscaleClient, context: StepContext) -> None:
    """Stops the VM, and waits until it is stopped.

    Raises:
        StepError: it is not stopped in time.
    """
    found, limit = builder.found, builder.setting.waits.instance_state
    vm = await client.vms.find(found.vm)
    if vm is not None and vm.state not in ("stopped", "stopping"):
        await once_free(lambda: client.call("StopVms", VmIds=[found.vm]), seconds=limit)
    await _becomes(builder, client, context, "stopped")


async def _becomes(
    builder: VmBuilder, client: OutscaleClient, context: StepContext, state: str
) -> None:
    await vm_state(
        client, builder.found.vm, state, limit=builder.setting.waits.instance_state,
        on_change=state_teller(builder, context), dead={"terminated", "quarantine"},
    )  # fmt: skip
