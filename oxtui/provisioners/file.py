"""The file provisioner: copies files and directories, both ways (packer.md 3.2)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from oxtui.component.errors import StepError
from oxtui.component.options import Options, option
from oxtui.component.protocols import (
    Communicator,
    Guest,
    Problem,
    ProvisionerSetting,
    StepContext,
)


class FileOptions(Options):
    """What is copied where."""

    documentation: ClassVar[str] = "https://developer.hashicorp.com/packer/docs/provisioners/file"

    source: str = option("", help="File or directory to copy.", lookup="file")
    sources: list[str] = option(list, help="Files or directories to copy.", lookup="file")
    content: str = option("", help="Text to write instead of a source's content.")
    destination: str = option(
        help="Path at the other end; one that ends in / is a directory to copy into."
    )
    direction: Literal["upload", "download"] = option(
        "upload", help="upload copies into the guest, download out of it."
    )
    generated: bool = option(
        False, help="The source is made by an earlier step: do not look for it before the build."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.content and (self.source or self.sources):
            raise ValueError("give content or source, not both")
        if self.content and self.direction == "download":
            raise ValueError("content cannot be downloaded; give a source")
        return self

    @property
    def all_sources(self) -> list[str]:
        """`sources`, then `source`: Packer's order."""
        return [*self.sources, *([self.source] if self.source else [])]


class FileProvisioner:
    """The `file` provisioner."""

    Options: ClassVar[type[FileOptions]] = FileOptions
    needs_guest: ClassVar[bool] = True

    def __init__(self, options: FileOptions, setting: ProvisionerSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def detail(options: FileOptions) -> str:
        """Source and destination, short."""
        names = [Path(source).name for source in options.all_sources] or ["content"]
        return f"{', '.join(names)} → {options.destination}"

    @staticmethod
    def problems(options: FileOptions, folder: Path) -> Sequence[Problem]:
        """Sources that are missing here."""
        if options.generated or options.direction == "download":
            return []
        return [
            Problem(
                "sources" if source in options.sources else "source",
                f"source {source} is not there (looked in {folder}); correct the path, "
                "or set generated if an earlier step makes it",
            )
            for source in options.all_sources
            if not (folder / Path(source).expanduser()).exists()
        ]

    async def provision(self, context: StepContext, guest: Guest) -> None:
        """Copies each source in turn.

        Raises:
            StepError: one of them could not be copied.
        """
        communicator = guest.reach()
        options = self.options
        interpolation = self.setting.interpolation.with_build(guest.values)
        destination = interpolation.render(options.destination)
        if options.content:
            context.say(f"Writing {len(options.content.encode())} bytes to {destination}")
            target = destination + "pkr-file-content" if destination.endswith("/") else destination
            await communicator.upload(options.content.encode(), target, 0o644)
            return
        for done, source in enumerate(options.all_sources):
            source = interpolation.render(source)
            context.progress(f"{source} → {destination}", done, len(options.all_sources))
            context.say(f"Copying {source} to {destination}")
            if options.direction == "upload":
                await self._upload(communicator, source, destination)
            else:
                await self._download(communicator, source, destination)

    async def _upload(self, communicator: Communicator, source: str, destination: str) -> None:
        path = Path(os.path.expanduser(source))
        if await asyncio.to_thread(path.is_dir):
            # rsync's rule, which Packer follows: without a slash the directory itself is copied.
            inside = "" if source.endswith("/") else f"/{path.name}"
            await communicator.upload_tree(path, destination.rstrip("/") + inside)
            return
        try:
            mode = (await asyncio.to_thread(path.stat)).st_mode & 0o777
        except OSError as error:
            raise StepError(
                f"{path} cannot be read: {error.strerror}. Put it there and retry this step."
            ) from error
        target = destination + path.name if destination.endswith("/") else destination
        await communicator.upload(path, target, mode)

    async def _download(self, communicator: Communicator, source: str, destination: str) -> None:
        target = Path(os.path.expanduser(destination))
        if destination.endswith("/"):
            target /= source.rsplit("/", 1)[-1]
        await communicator.download(source, target)
