"""A root of this machine as the guest of a build: what its steps share, whatever the root is made of."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oxtui.builders.chroot.devices import DeviceWatch, partition
from oxtui.builders.chroot.mount_table import mounts_at
from oxtui.builders.chroot.options import ChrootOptions
from oxtui.builders.chroot.placed_files import PlacedFile
from oxtui.builders.chroot.resources import LocalMachine, locate
from oxtui.communicators.chroot.communicator import ChrootCommunicator
from oxtui.communicators.chroot.host import Host
from oxtui.component.build_values import machine_values
from oxtui.component.errors import StepError
from oxtui.component.events import AddressKnown, InstanceStateChanged, Noted
from oxtui.component.protocols import BuilderSetting, Guest, StepContext
from oxtui.component.resources import ResourceRecord
from oxtui.template.legacy.interpolate import InterpolationError
from oxtui.template.resolve.context import unknown_build

TYPE = "chroot"
"""`build.ConnType`."""


@dataclass(slots=True)
class Chroot:
    """One root, from its device or directory to the guest and back.

    Attributes:
        options: how it is mounted.
        setting: of the builder.
        device: path of the block device that holds the root, once it is attached; or the directory.
        path: where it is mounted, once that is known.
        placed: what is in it for the provisioners alone.
    """

    options: ChrootOptions
    setting: BuilderSetting
    guest: Guest = field(default_factory=lambda: Guest(values=unknown_build()))
    device: str = ""
    path: str = ""
    placed: list[PlacedFile] = field(default_factory=list)
    communicator: ChrootCommunicator | None = None

    @property
    def host(self) -> Host:
        """Runs commands here, through the template's wrapper."""
        setting = self.setting
        environ = dict(setting.environ) or dict(os.environ)
        return Host(self.options.command_wrapper, environ, setting.interpolation)

    @property
    def root(self) -> Path:
        """Where the root is mounted."""
        return Path(self.path)

    @property
    def is_mounted(self) -> bool:
        """Whether it is."""
        return bool(self.path) and bool(mounts_at(self.path))

    @property
    def machine(self) -> LocalMachine:
        """What holds mounts and the like, for their removal."""

        def tell(text: str) -> None:
            setting = self.setting
            setting.emit(Noted(time=setting.now(), build=setting.build, text=text, level="info"))

        return LocalMachine(tell)

    def service(self, record: ResourceRecord) -> LocalMachine | None:
        """This machine, for what is here; None for what is on a service."""
        return self.machine if record.provider == "local" else None

    def locator(self, **known: str) -> dict[str, str]:
        """Where what is made here is, for whoever has to find it without this process."""
        return locate(self.host, root=self.path, **known)

    def render(self, text: str, **variables: str) -> str:
        """A text of the template's.

        Raises:
            StepError: it cannot be evaluated.
        """
        try:
            return self.setting.interpolation.render(text, **variables)
        except InterpolationError as error:
            raise StepError(f"{text}: {error}") from error

    async def commands(
        self, commands: Sequence[str], context: StepContext, **variables: str
    ) -> None:
        """Runs commands of the template's on this machine, one after the other.

        Raises:
            StepError: one of them failed.
        """
        for each in commands:
            command = self.render(each, **variables)
            context.say(f"Running {command}")
            status = await self.host.script(command, context.output)
            if status.status != 0:
                raise StepError(
                    f"{command} ended with {status}. Its output is in the log; correct it and retry this step."
                )

    async def make_directory(self, path: str, mode: int = 0o755, **known: str) -> None:
        """Makes a directory with those above it, each that is missing; they go in the end, as far as empty.

        Raises:
            StepError: it cannot be made.
        """
        recorder, claims = self.setting.recorder, self.setting.claims
        for each in reversed([Path(path), *Path(path).parents]):
            # What another build of the session has made goes with whichever of them is the last.
            maker = claims.get(f"directory {each}", self.setting.build)
            if maker == self.setting.build and await asyncio.to_thread(os.path.isdir, each):
                continue
            claims.setdefault(f"directory {each}", self.setting.build)
            own = known if str(each) == path else {}
            async with recorder.create("local.directory", str(each), self.locator(**own)) as made:
                await self.host.check("mkdir", "-p", "-m", f"{mode:04o}", "--", str(each))
                made.created(str(each))

    async def keep_directories(self, path: str) -> None:
        """The directories above what is made stay, those too that were made for it."""
        recorder = self.setting.recorder
        for each in Path(path).parents:
            made = await recorder.existing("local.directory", str(each), self.machine)
            if made is not None:
                await recorder.release(made.number)

    async def mount(self, target: str, words: Sequence[str]) -> None:
        """Mounts something at a path; what is mounted below it stays out of other mount namespaces' sight.

        Raises:
            StepError: it cannot be mounted.
        """
        recorder = self.setting.recorder
        async with recorder.create("local.mount", target, self.locator()) as made:
            await self.host.check("mount", *words, target, what=f"{target} cannot be mounted")
            # A bind mount of /dev shares what is mounted in it with the machine's own otherwise.
            await self.host.check("mount", "--make-private", target)
            made.created(target)

    async def partition(self) -> str:
        """Path of the partition of the device that holds the root, once its node is there.

        Raises:
            StepError: there is none.
        """
        number = self.options.mount_partition
        with DeviceWatch() as watch:
            if not Path(partition(self.device, number)).is_block_device():
                # The kernel may not look by itself, or know no partition tables at all.
                await self.host.run(["partx", "--update", self.device], lambda stream, data: None)
            return await watch.partition(self.device, number)

    def told(self, *, gone: bool = False) -> None:
        """Tells readers of the session that the root can be entered, or cannot any more."""
        setting = self.setting
        state = "destroyed" if gone else "running"
        at: dict[str, Any] = {"time": setting.now(), "build": setting.build}
        if not gone:
            setting.emit(AddressKnown(**at, address=self.path, port=0, user="root"))
        setting.emit(InstanceStateChanged(**at, instance=self.path, state=state))

    async def connect(self) -> None:
        """Makes the root the guest.

        Raises:
            ConnectError: its shell does not run here.
        """
        await self.disconnect()
        communicator = ChrootCommunicator(self.root, self.host)
        await communicator.check()
        self.communicator = self.guest.communicator = communicator
        known = machine_values(self.device, self.setting.run_uuid)
        self.guest.values |= {**known, "Host": self.path, "User": "root", "ConnType": TYPE}
        self.told()

    async def disconnect(self) -> None:
        """Ends the shells that are open in it."""
        communicator, self.communicator, self.guest.communicator = self.communicator, None, None
        if communicator is not None:
            await communicator.close()
