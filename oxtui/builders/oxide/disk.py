"""The boot disk of the temporary instance: keeping it as a snapshot, and beginning from one.

A guest is not frozen: fsfreeze of the root file system over SSH also stops the shell and the server that
would thaw it. It syncs twice instead, and the snapshot of the running disk is what a crash would leave.
Who needs more has the instance stopped for it (`checkpoints.clean`).

An instance that begins from a snapshot is a new one, with an instance id of its own, so cloud-init's modules
for each instance run again: they let the new temporary key in, make new host keys, and run the user data.
Keys of earlier runs are taken out as soon as oxtui is logged in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oxtui.builders.boot.watch import BootWatch
from oxtui.builders.oxide import capture, machine
from oxtui.builders.oxide.locator import DEMO
from oxtui.builders.oxide.names import unique_name
from oxtui.builders.oxide.waiting import instance_state
from oxtui.communicators.ssh.host_keys import PrintedHostKeys
from oxtui.component.checkpoints import StartPoint, Taken
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext
from oxtui.component.resources import ResourceRecord
from oxtui.oxide.errors import NotFound
from oxtui.oxide.models.snapshot import SnapshotCreate

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder

MATTERS = ("user_data", "hostname", "ssh_username", "ssh_public_keys")
"""Options that decide what is on the disk before the first provisioner, beside source image and size.

Not so: CPUs and memory, which the disk does not know; the network, which cloud-init sets up anew in each
instance; names and texts of instance and image. The hostname counts as it is written: that of the template
alone, not the instance's name that stands in for it. SSH keys that are let in stay on the disk.
"""
KEPT = "Checkpoint of an oxtui build (run {run}), which later builds begin from."


@dataclass(frozen=True, slots=True)
class OwnDisk:
    """A disk that another instance of the build has written; `temporary_keys` are as of a start point."""

    name: str
    id: str
    temporary_keys: tuple[str, ...] = ()


class OxideDisk:
    """The boot disk of one build's instance."""

    matters: Sequence[str] = MATTERS
    machine_step = "instance"

    def __init__(self, builder: OxideInstanceBuilder) -> None:
        self._builder = builder
        self.start: StartPoint | None = None
        """What the instance begins from in place of the source image."""
        self.own: OwnDisk | None = None
        """What it begins with in place of any copy."""

    def facts(self) -> Mapping[str, str]:
        """Source image and size; blocks are of the image's size."""
        found = self._builder.found
        source = found.source.id if found.source is not None else ""
        return {"the source image": source, "boot_disk_size": str(found.disk_size)}

    def place(self) -> Mapping[str, str]:
        """Snapshots stay in their project; the demo rack's address changes with every start."""
        place = self._builder.locator()
        host = DEMO if place.get("demo") else place["host"]
        return {"host": host, "silo": place["silo"], "project": place["project"]}

    def temporary_keys(self) -> Sequence[str]:
        """That of this run, and those of earlier ones that could not be taken out."""
        return self._builder.found.key_comments

    async def take(self, context: StepContext, name: str, *, clean: bool) -> Taken:
        """Syncs twice, takes a snapshot and waits until it is ready.

        Raises:
            StepError: the guest did not write its caches, or the snapshot is faulted or not ready in time.
            OxideError: the rack refused.
        """
        builder = self._builder
        status = await builder.guest.reach().run("sync && sync", context.output)
        if status.status != 0:
            raise StepError(f"sync in the guest ended with {status}, so files may be missing")
        builder.found.written_at = context.now()
        if not clean:
            return await self._snapshot(context, name)
        await capture.stop(builder, context)
        try:
            return await self._snapshot(context, name)
        finally:
            await self._start_again(context)

    async def _snapshot(self, context: StepContext, name: str) -> Taken:
        builder, found = self._builder, self._builder.found
        client = await builder.client()
        text = KEPT.format(run=builder.setting.run_id)
        body = SnapshotCreate(name=name, description=text, disk=found.boot_disk_id)
        place = builder.locator(description=text, size=found.disk_size)
        async with builder.setting.recorder.create("oxide.snapshot", name, place) as made:
            taken = await made.make(client.snapshots.create(body, found.project))
        await capture.snapshot_ready(builder, context, taken.id)
        return Taken(made.number, taken.name, taken.id, taken.size)

    async def _start_again(self, context: StepContext) -> None:
        builder, found = self._builder, self._builder.found
        client = await builder.client()
        await client.instances.start(found.instance_id)
        limit = builder.setting.waits.instance_state
        await instance_state(
            client, found.instance_id, "running", limit=limit,
            on_change=lambda state: context.say(f"Instance is {state}"),
        )  # fmt: skip
        await machine.connect(builder, context)

    async def exists(self, id: str) -> bool:  # noqa: A002 - the field's own word
        """Whether the snapshot is there and ready.

        Raises:
            OxideError: the rack gave no answer.
        """
        client = await self._builder.client()
        try:
            return (await client.snapshots.view(id)).state == "ready"
        except NotFound:
            return False

    def of_machine(self, record: ResourceRecord) -> bool:
        """All but the temporary key, which the next instance lets in as well."""
        return record.kind != "oxide.ssh_key"

    def start_from(self, start: StartPoint | None) -> None:
        """The next instance begins with this; None: with the source image."""
        self.start = start

    async def leave(self) -> None:
        """Forgets the present instance. The next one has a name of its own, and the same hostname."""
        builder, found = self._builder, self._builder.found
        await builder.disconnect()
        found.hostname = found.hostname or found.instance_name
        found.machines += 1
        setting, name = builder.setting, builder.options.name
        suffix = f"{setting.run_id}-{found.machines}"
        found.instance_name = unique_name(setting.interpolation.render(name), suffix)
        found.instance_id = found.boot_disk_id = found.disk_name = ""
        found.address = found.snapshot_id = ""
        self.own = None
        found.snapshot_record = 0
        found.key_comments = found.key_comments[:1]
        found.console_offset = 0
        builder.printed, builder.boot, builder.follows_console = (
            PrintedHostKeys(),
            BootWatch(),
            False,
        )
