"""The chroot builder: a disk image or an archive, made on this machine without any cloud."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from oxtui.builders.chroot import base, capture, preflight, storage
from oxtui.builders.chroot.chroot import Chroot
from oxtui.builders.chroot.local_options import LocalChrootOptions
from oxtui.builders.chroot.memory import recall, remember
from oxtui.builders.chroot.resources import LocalMachine
from oxtui.builders.chroot.steps import before_mount, from_guest, step, to_guest
from oxtui.component.errors import StepError
from oxtui.component.events import PlanValue
from oxtui.component.post_processing import Artifact
from oxtui.component.protocols import BuilderSetting, Guest, Step, StepContext, Unfinished
from oxtui.component.resources import ResourceRecord

BUILDER_ID = "oxtui.chroot"
_PLANNED = ("source", "debootstrap_suite", "disk_size", "filesystem", "output", "mount_path")


class LocalChrootBuilder:
    """Makes a root of a base system, lets provisioners at it in a chroot, and keeps it as a file."""

    Options: ClassVar[type[LocalChrootOptions]] = LocalChrootOptions
    provider: ClassVar[str] = ""
    makes_machine: ClassVar[bool] = True
    without_artifact: ClassVar[str] = "No file was made."
    without_guest: ClassVar[str] = "there is always one"
    disk: ClassVar[None] = None
    snapshot: ClassVar[None] = None
    without_snapshot: ClassVar[str] = "what it makes is a file of this machine already"

    def __init__(self, options: LocalChrootOptions, setting: BuilderSetting) -> None:
        self.options = options
        self.setting = setting
        self.private_key = ""
        self.source = ""
        self.chroot = Chroot(options, setting)
        self.output = ""
        self.part = ""
        """Where the file lies until it is whole."""
        self.size: int | None = None
        """Of the file, in bytes, once it is."""

    @property
    def guest(self) -> Guest:
        """The root, once it is mounted."""
        return self.chroot.guest

    @staticmethod
    def has_guest(options: LocalChrootOptions) -> bool:
        """Always."""
        return True

    @staticmethod
    def has_snapshot(options: LocalChrootOptions) -> bool:
        """Never."""
        return False

    def values(self) -> Sequence[PlanValue]:
        """What the root is made of, and what is made of it."""
        given = self.options.model_fields_set
        found = [
            PlanValue(
                name=name,
                value=str(getattr(self.options, name)),
                source="template" if name in given else "default",
            )
            for name in _PLANNED
            if getattr(self.options, name)
        ]
        return [*found, PlanValue(name="format", value=self.options.form, source="template")]

    def before(self) -> Sequence[Step]:
        """From the empty disk or directory to the guest."""
        options, chroot = self.options, self.chroot
        own = [step(chroot, "preflight", "prepare", "preflight", self._preflight)]
        if options.disk_size is None:
            own.append(step(chroot, "directory", "prepare", "directory", self._directory))
        else:
            own.append(step(chroot, "disk", "prepare", "disk", self._disk))
        own += before_mount(chroot)
        if options.disk_size is not None and options.filesystem:
            own.append(step(chroot, "filesystem", "prepare", options.filesystem, self._filesystem))
        return [*own, *to_guest(chroot, self._base())]

    def _base(self) -> list[Step]:
        options, chroot = self.options, self.chroot
        if options.source:
            return [step(chroot, "base", "prepare", "base", self._unpack, options.source)]
        if options.debootstrap_suite:
            suite = options.debootstrap_suite
            return [step(chroot, "base", "prepare", "debootstrap", self._debootstrap, suite)]
        return []

    def after(self) -> Sequence[Step]:
        """From the guest to the file."""
        chroot, raw = self.chroot, self.options.form == "raw"
        if raw:
            inner = [step(chroot, "trim", "seal", "trim", capture.trim)]
        else:
            inner = [step(chroot, "archive", "capture", "archive", self._archive)]
        detach = (
            []
            if self.options.disk_size is None
            else [step(chroot, "detach", "seal", "detach", self._detach)]
        )
        file = step(chroot, "file", "capture", "file", self._finish)
        return [*from_guest(chroot, inner), *detach, file]

    async def _preflight(self, chroot: Chroot, context: StepContext) -> None:
        """Looks whether all is there that is needed; nothing is made.

        Raises:
            StepError: something is missing.
        """
        options, setting = self.options, self.setting
        self.output = os.path.abspath(chroot.render(options.output))
        source = chroot.render(options.source)
        await preflight.check_rights(chroot.host)
        preflight.check_programs(chroot.host, options)
        preflight.check_files(source, self.output, force=setting.force)
        mounts = options.mount_path.partition("{{")[0]
        preflight.check_apart(source, mounts, self.output)
        claim = f"file {self.output}"
        if setting.claims.setdefault(claim, setting.build) != setting.build:
            raise StepError(
                f"output: {self.output} is what {setting.claims[claim]} makes. Give each build its own, "
                "such as with {{build_name}}."
            )
        if options.disk_size and (room := preflight.check_room(self.output, options.disk_size)):
            context.note(room, "warning")
        self.part = storage.beside(self.output, setting.run_id)

    async def _disk(self, chroot: Chroot, context: StepContext) -> None:
        await storage.make_disk(chroot, context, self.disk_path, self.options.disk_size or 0)
        self._place(Path(chroot.device).name)

    async def _directory(self, chroot: Chroot, context: StepContext) -> None:
        self._place(f"{self.setting.source_name}-{self.setting.run_id}")
        await storage.make_directory(chroot, context, f"{self.part}.root")

    def _place(self, device: str) -> None:
        self.chroot.path = os.path.normpath(
            self.chroot.render(self.options.mount_path, Device=device)
        )

    @property
    def disk_path(self) -> str:
        """Where the disk image is: what is made, unless that is an archive of it."""
        return self.part if self.options.form == "raw" else f"{self.part}.disk"

    async def _filesystem(self, chroot: Chroot, context: StepContext) -> None:
        options = self.options
        await storage.make_filesystem(
            chroot, context, options.filesystem, options.filesystem_options
        )

    async def _unpack(self, chroot: Chroot, context: StepContext) -> None:
        source = chroot.render(self.options.source)
        fill = base.copy if await asyncio.to_thread(os.path.isdir, source) else base.unpack
        await fill(chroot, context, source)

    async def _debootstrap(self, chroot: Chroot, context: StepContext) -> None:
        options = self.options
        await base.debootstrap(
            chroot, context, options.debootstrap_suite, options.debootstrap_mirror,
            options.debootstrap_options,
        )  # fmt: skip

    async def _archive(self, chroot: Chroot, context: StepContext) -> None:
        await capture.archive(chroot, context, self.part)

    async def _detach(self, chroot: Chroot, context: StepContext) -> None:
        await storage.detach(chroot, context, self.disk_path)

    async def _finish(self, chroot: Chroot, context: StepContext) -> None:
        self.size = await capture.finish(context, self.part, self.output)
        await chroot.keep_directories(self.output)

    def result(self) -> Artifact | None:
        """The file, once it is whole."""
        if self.size is None:
            return None
        fields = (("format", self.options.form), ("size", str(self.size)))
        return Artifact(
            BUILDER_ID, self.output, f"Made file: {self.output}", (self.output,),
            name=self.output, fields=fields,
        )  # fmt: skip

    def remember(self) -> Mapping[str, Any]:
        """Where all of it is."""
        return remember(self)

    async def recall(self, before: Unfinished, context: StepContext) -> Mapping[str, str]:
        """Goes on in the root that is still mounted, or with the file that is made."""
        return await recall(self, before, context)

    def service(self, record: ResourceRecord) -> LocalMachine | None:
        """This machine, for what is here."""
        return self.chroot.service(record)

    async def hand_over(self) -> None:
        """The file has its own name since the last step, and no record of the journal names it."""

    async def disconnect(self) -> None:
        """Ends the shells in the root."""
        await self.chroot.disconnect()

    async def close(self) -> None:
        """There is no service."""
