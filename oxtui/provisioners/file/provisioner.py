"""Copies each source in turn, with the meaning that Packer gives to slashes (packer.md 3.2)."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from oxtui.component.checkpoints import Inputs
from oxtui.component.errors import StepError
from oxtui.component.protocols import (
    Communicator,
    Guest,
    Moved,
    OnMoved,
    Problem,
    ProvisionerSetting,
    StepContext,
)
from oxtui.provisioners.file.options import FileOptions
from oxtui.provisioners.file.progress import TransferProgress
from oxtui.provisioners.file.sending import send

CONTENT_NAME = "pkr-file-content"
"""Name of `content` in a directory, as Packer documents it."""
CONTENT_MODE = 0o644


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
        return options.summary

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

    @staticmethod
    def inputs(options: FileOptions) -> Inputs:
        """Its sources, unless it brings files out of the guest."""
        if options.direction == "download":
            return Inputs(outside="it copies files to this machine")
        return Inputs([os.path.expanduser(source) for source in options.all_sources])

    async def provision(self, context: StepContext, guest: Guest) -> None:
        """Copies each source in turn.

        Raises:
            StepError: one of them could not be copied.
        """
        communicator = guest.reach()
        options = self.options
        interpolation = self.setting.interpolation.with_build(guest.values)
        destination = interpolation.render(options.destination)
        if options.text is not None:
            text = interpolation.render(options.text).encode("utf-8", "surrogateescape")
            await self._write(context, communicator, text, destination)
            return
        if not options.all_sources:
            context.say("Nothing to copy: neither source nor content is given")
        for each in options.all_sources:
            source = interpolation.render(each)
            download = options.direction == "download"
            verb = "Downloading" if download else "Uploading"
            context.say(f"{verb} {source} => {destination}")
            progress = TransferProgress(context, f"{Path(source).name or source} → {destination}")
            copy = _download if download else send
            moved = await copy(communicator, source, destination, progress.moved)
            progress.end("Downloaded" if download else "Uploaded", moved)

    async def _write(
        self, context: StepContext, communicator: Communicator, text: bytes, destination: str
    ) -> None:
        target = destination + CONTENT_NAME if destination.endswith("/") else destination
        context.say(f"Uploading content => {target}")
        progress = TransferProgress(context, f"content → {target}")
        moved = await communicator.upload(
            text, target, CONTENT_MODE, masked=True, moved=progress.moved
        )
        progress.end("Uploaded", moved)


async def _download(
    communicator: Communicator, source: str, destination: str, moved: OnMoved
) -> Moved:
    target = Path(os.path.expanduser(destination))
    if source.endswith("/") or re.search(r"[*?[]", source):
        return await communicator.download_tree(source, target, moved=moved)
    if destination.endswith("/"):
        name = source.rsplit("/", 1)[-1]
        if name in (".", ".."):
            raise StepError(f"{source} is a directory. End it in / to download a directory.")
        target /= name
    return await communicator.download(source, target, moved=moved)
