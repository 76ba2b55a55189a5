"""The root volume of the temporary VM: keeping it as a snapshot, and beginning from one.

As on a rack, a guest that runs is not frozen for it: it syncs, and the snapshot is what a crash would leave. A
VM that begins from a snapshot has an id of its own, so cloud-init lets the new temporary key in; those of earlier
runs are taken out as soon as oxtui is logged in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oxtui.builders import guest_steps
from oxtui.builders.outscale import seal, snapshots, vm
from oxtui.builders.outscale.waiting import tag
from oxtui.component.checkpoints import StartPoint, Taken
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.component.resources import ResourceRecord
from oxtui.outscale.models.image import Image

if TYPE_CHECKING:
    from oxtui.builders.outscale.vm_builder import VmBuilder

ROOT_DEVICE = "/dev/sda1"
"""What the root device of every image is called."""
MATTERS = ("user_data", "ssh_username", "launch_block_device_mappings", "bsu_volumes")
"""Options that decide what is on the volume before the first provisioner, beside the source image."""

REACHED_BY = frozenset(("outscale.keypair", "outscale.public_ip", "outscale.security_group"))
"""Kinds of resources that one VM after another is reached by."""


def _of_image(image: Image) -> Mapping[str, Any]:
    """The image's root volume, without what is on it."""
    found = next(
        (e.bsu for e in image.block_device_mappings if e.device_name == image.root_device_name),
        None,
    )
    told = {} if found is None else {"VolumeType": found.volume_type, "Iops": found.iops}
    return {"DeleteOnVmDeletion": True, **{name: value for name, value in told.items() if value}}


class OutscaleDisk:
    """The root volume of one build's VM."""

    matters: Sequence[str] = MATTERS
    machine_step = "vm"

    def __init__(self, builder: VmBuilder) -> None:
        self._builder = builder
        self.start: StartPoint | None = None
        """What the VM begins from in place of the source image."""

    def facts(self) -> Mapping[str, str]:
        """Source image, and what is in the file of user data."""
        builder, found = self._builder, self._builder.found
        image = found.source.image_id if found.source is not None else ""
        told = builder.user_data if builder.options.user_data_file else ""
        return {"the source image": image, "user_data_file": told}

    def place(self) -> Mapping[str, str]:
        """Snapshots are of an account and a region."""
        place = self._builder.locator()
        return {"host": place["host"], "silo": place["account"], "project": place["region"]}

    def temporary_keys(self) -> Sequence[str]:
        """That of this run, and those of earlier ones that could not be taken out."""
        return self._builder.found.key_comments

    def mappings(self) -> Sequence[Mapping[str, Any]]:
        """Devices of the VM as CreateVms takes them; the root is the checkpoint's, where it begins from one."""
        source, start = self._builder.found.source, self.start
        wires = {each.device_name: each.wire() for each in self._builder.options.launch_devices}
        if start is not None and source is not None:
            root = source.root_device_name
            bsu = {**(wires[root]["Bsu"] if root in wires else _of_image(source))}
            wires[root] = {"DeviceName": root, "Bsu": {**bsu, "SnapshotId": start.id}}
        return list(wires.values())

    async def take(self, context: StepContext, name: str, *, clean: bool) -> Taken:
        """Syncs, takes a snapshot and waits until it is completed.

        A VM with further volumes is not kept: what a provisioner mounted would not be so in the next one.

        Raises:
            StepError: the guest did not write its caches, the VM has other volumes, or the snapshot failed.
            OutscaleError: the API refused.
        """
        builder, found = self._builder, self._builder.found
        if others := [each for each in found.devices if each != ROOT_DEVICE]:
            raise StepError(
                f"a checkpoint holds the root volume alone, and the VM has {others[0]} too"
            )
        await guest_steps.sync(builder.guest, context)
        if not clean:
            return await self._snapshot(context, name)
        client = await builder.client()
        await builder.disconnect()
        await seal.switch_off(builder, client, context)
        try:
            return await self._snapshot(context, name)
        finally:
            await vm.make_vm(builder, context)
            await vm.connect(builder, context)

    async def _snapshot(self, context: StepContext, name: str) -> Taken:
        builder, found = self._builder, self._builder.found
        client = await builder.client()
        volume = found.devices.get(ROOT_DEVICE)
        if volume is None:
            raise StepError(f"VM {found.vm} has no device {ROOT_DEVICE} to take a snapshot of")
        text = f"Checkpoint of an oxtui build (run {builder.setting.run_id})"
        number, snapshot = await snapshots.begin(builder, client, volume, name, text)
        await tag(client, [snapshot.snapshot_id], {"Name": name, **builder.build_tags})
        limit = builder.setting.waits.capture
        done = await snapshots.completed(
            client, snapshot.snapshot_id, context, limit=limit, what=ROOT_DEVICE
        )
        return Taken(number, name, done.snapshot_id, done.volume_size * 2**30)

    async def exists(self, id: str) -> bool:  # noqa: A002 - the field's own word
        """Whether the snapshot is there and completed.

        Raises:
            OutscaleError: the API gave no answer.
        """
        client = await self._builder.client()
        snapshot = await client.snapshots.find(id)
        return snapshot is not None and snapshot.state == "completed"

    def of_machine(self, record: ResourceRecord) -> bool:
        """All but what the next VM is reached by as well."""
        return record.kind not in REACHED_BY

    def start_from(self, start: StartPoint | None) -> None:
        """The next VM begins with this; None: with the source image."""
        self.start = start

    async def leave(self) -> None:
        """Forgets the present VM, and what was made of it."""
        builder, found = self._builder, self._builder.found
        await builder.disconnect()
        found.vm = found.address = ""
        found.devices, found.snapshots, found.built = {}, {}, {}
        found.image, found.image_record, found.snapshot_records = None, 0, ()
        found.vm_records = ()
        found.key_comments = found.key_comments[:1]
        found.kept_records = ()
