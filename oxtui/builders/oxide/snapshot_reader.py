"""Reading the snapshot of a build: the API gives nobody its bytes, so a helper instance has a disk of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from oxtui.builders.oxide import machine
from oxtui.builders.oxide.names import plain_name
from oxtui.builders.oxide.preflight import find_addressing, find_source
from oxtui.builders.oxide.waiting import tell_serial
from oxtui.component.concurrency import bounded
from oxtui.component.errors import StepError
from oxtui.component.events import Event, Level
from oxtui.component.snapshots import Helper, ReadableDisk
from oxtui.oxide.errors import NotFound
from oxtui.oxide.limits import NAME_LENGTH
from oxtui.oxide.models.disk import BlocksOfSnapshot, DiskCreate, DistributedBackend

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder
    from oxtui.component.protocols import StepContext
    from oxtui.oxide.client import OxideClient

_KINDS = ("oxide.instance", "oxide.disk", "oxide.ssh_key")
_SERIAL_LENGTH = 20
"""The rack gives an NVMe disk the beginning of its name as its serial number (omicron, instance_platform)."""
_DISCONNECT_SECONDS = 10.0
_REMOVE_SECONDS = 300.0
"""For the helper and its disks to go; what is left then goes with the build."""
_OWN_LOGIN = {
    "communicator": "ssh", "ssh_host": "", "ssh_password": "", "ssh_private_key_file": "",
    "ssh_certificate_file": "", "ssh_agent_auth": False, "temporary_key_pair_name": "",
}  # fmt: skip
"""Options by which the helper lets a key of its own in, and is reached at its own address."""
_NOT_OF_BUILD = {"hostname": "", "user_data": "", "ssh_public_keys": []}


class OxideSnapshotReader:
    """Reads the snapshot of one build; the helper has the network and the way in that the build's instance has."""

    def __init__(self, builder: OxideInstanceBuilder) -> None:
        self._builder = builder

    @asynccontextmanager
    async def opened(self, helper: Helper, context: StepContext) -> AsyncIterator[ReadableDisk]:
        """Makes a read-only disk of the snapshot and an instance that has it; both are gone after the block.

        Raises:
            StepError: there is no snapshot or no such image, or the instance does not come up.
            OxideError: the rack refused or has no answer.
        """
        builder = self._builder
        found, run = builder.found, builder.setting.run_id
        name = f"{plain_name(found.instance_name, NAME_LENGTH - 5)}-read"
        # Another beginning than that of the boot disk, so that their serial numbers differ.
        disk = plain_name(f"read-{run}-{found.instance_name}")
        client = await builder.client()
        other = _helper_of(builder, helper)
        await self._remove((name, disk), "what an earlier attempt left")
        try:
            size = await self._make_disk(client, disk, context)
            await _prepare(other, builder, helper)
            other.found.instance_name, other.found.disks = name, (disk,)
            quiet = _Quiet(context)
            await machine.make_instance(other, quiet)
            await machine.connect(other, quiet)
            try:
                yield ReadableDisk(other.guest.reach(), disk[:_SERIAL_LENGTH], size)
            except StepError:  # the kernel tells there what it thinks of its disks
                await tell_serial(client, other.found.instance_id, context)
                raise
        finally:
            await bounded(self._end(other, (name, disk), context), _REMOVE_SECONDS)

    async def _make_disk(self, client: OxideClient, name: str, context: StepContext) -> int:
        builder, found = self._builder, self._builder.found
        if not found.snapshot_id:
            raise StepError("there is no snapshot of the build to read; its step was passed over")
        try:
            snapshot = await client.snapshots.view(found.snapshot_id)
        except NotFound:
            raise StepError(
                f"snapshot {found.snapshot_id} of the build is gone from the rack: somebody else deleted it"
            ) from None
        blocks = BlocksOfSnapshot(snapshot_id=snapshot.id, read_only=True)
        body = DiskCreate(
            name=name, description=builder.mark, size=snapshot.size,
            disk_backend=DistributedBackend(disk_source=blocks),
        )  # fmt: skip
        place = builder.locator(description=builder.mark, size=snapshot.size)
        async with builder.setting.recorder.create("oxide.disk", name, place) as made:
            disk = await made.make(client.disks.create(body, found.project))
        context.say(f"Disk {disk.name} ({disk.id}), read-only, of snapshot {snapshot.name}")
        return snapshot.size

    async def _end(
        self, other: OxideInstanceBuilder, names: Collection[str], context: StepContext
    ) -> None:
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(_DISCONNECT_SECONDS):
                await other.disconnect()
        context.progress("removing the helper instance")
        try:
            await self._remove(names, "what the helper instance had")
        except StepError as error:
            context.note(f"Left until cleanup: {error}", "warning")
        else:
            context.say("The helper instance and its disks are removed")
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(_DISCONNECT_SECONDS):
                await other.close()

    async def _remove(self, names: Collection[str], what: str) -> None:
        """Removes what there is of a helper.

        Raises:
            StepError: something of it is still there; its text begins with `what`.
        """
        await self._builder.setting.recorder.start_over(
            self._builder.service,
            what,
            only=lambda record: record.kind in _KINDS and record.name in names,
        )


def _helper_of(builder: OxideInstanceBuilder, helper: Helper) -> OxideInstanceBuilder:
    """What makes an instance of its own with the project, network and way in of the build's."""
    user = helper.user or builder.options.ssh_username
    if not user:
        raise StepError("nobody can log in to the helper instance: name its user, such as ubuntu")
    own = {"boot_disk_image_id": helper.image, "ssh_username": user, "cpus": helper.cpus}
    memory = type(builder.options).model_fields["memory"].default
    options = builder.options.model_copy(
        update={**own, **_OWN_LOGIN, **_NOT_OF_BUILD, "memory": memory}
    )
    setting = replace(builder.setting, emit=lambda event: None, serial=lambda data: None)
    other = type(builder)(options, setting)
    other.follows_console = True  # a failing login has the end of it told
    return other


async def _prepare(
    other: OxideInstanceBuilder, builder: OxideInstanceBuilder, helper: Helper
) -> None:
    client, found, known = await other.client(), other.found, builder.found
    found.project, found.silo, found.user = known.project, known.silo, known.user
    found.vpc, found.subnet = known.vpc, known.subnet
    try:
        found.source = await find_source(client, helper.image, known.project)
    except NotFound:
        raise StepError(
            f'there is no image "{helper.image}" for the helper instance, neither in the silo nor in the '
            "project. Name one that the rack lists."
        ) from None
    addressing = await find_addressing(client, builder.options.ip_pool)
    if isinstance(addressing, str):
        raise StepError(addressing)
    found.addressing, found.disk_size = addressing, found.source.size


class _Quiet:
    """A step's context for the helper: the log is the step's, but the build's own machine is another."""

    def __init__(self, context: StepContext) -> None:
        self._context = context
        self.build, self.step = context.build, context.step
        self.say, self.output = context.say, context.output
        self.now, self.ask = context.now, context.ask

    def emit(self, event: Event) -> None:
        """What is told of a machine would be taken for that of the build."""

    def note(self, text: str, level: Level = "info") -> None:
        """With what it is about."""
        self._context.note(f"Helper instance: {text}", level)

    def progress(self, text: str, done: float | None = None, total: float | None = None) -> None:
        """With what it is about."""
        self._context.progress(f"helper: {text}", done, total)
