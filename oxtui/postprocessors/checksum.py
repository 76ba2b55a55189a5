"""The checksum post-processor: files with the checksums of what was built (packer.md 5)."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, ClassVar

from pydantic import field_validator

from oxtui.component.errors import StepError
from oxtui.component.options import Options, option
from oxtui.component.post_processing import Artifact, Moment, PostProcessorSetting
from oxtui.component.protocols import Problem, StepContext

BUILDER_ID = "packer.post-processor.checksum"
OUTPUT = "packer_{{.BuildName}}_{{.BuilderType}}_{{.ChecksumType}}.checksum"
TYPES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
PIECE = 16 << 20
"""Bytes that are read and hashed between two looks at whether the build is cancelled."""


class ChecksumOptions(Options):
    """Which checksums, and where they go."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/docs/post-processors/checksum"
    )

    checksum_types: list[str] = option(
        lambda: ["md5"], help="Any of md5, sha1, sha224, sha256, sha384 and sha512."
    )
    output: str = option(
        OUTPUT,
        help="The file for each; {{.BuildName}}, {{.BuilderType}} and {{.ChecksumType}} stand for what "
        "they say. Lines are added to one that is there.",
        template=True,
    )

    @field_validator("checksum_types")
    @classmethod
    def _known(cls, types: list[str]) -> list[str]:
        for each in types:
            if each not in TYPES:
                *others, last = TYPES
                known = f"{', '.join(others)} or {last}"
                raise ValueError(f"unrecognized checksum type: {each}; use {known}")
        return types


class ChecksumPostProcessor:
    """The `checksum` post-processor."""

    Options: ClassVar[type[ChecksumOptions]] = ChecksumOptions
    keeps_input: ClassVar[bool] = True
    forces_keep: ClassVar[bool] = True
    provider: ClassVar[str] = ""

    def __init__(self, options: ChecksumOptions, setting: PostProcessorSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def moment(options: ChecksumOptions) -> Moment:
        """At the very end."""
        return "after_cleanup"

    @staticmethod
    def detail(options: ChecksumOptions) -> str:
        """The types."""
        return ", ".join(options.checksum_types or TYPES[:1])

    @staticmethod
    def problems(options: ChecksumOptions, folder: Path) -> Sequence[Problem]:
        """None: the files are not there yet."""
        return []

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """Adds a line for each type and file; the new artifact has these files too.

        Nothing is written before all files are read. What has no file here, such as an image on a rack,
        is passed on.

        Raises:
            StepError: a file cannot be read, or a file of checksums not be written.
        """
        types = self.options.checksum_types or list(TYPES[:1])
        if not artifact.files:
            context.note("There are no files on this machine to take a checksum of.", "warning")
            return artifact
        found = await self._hashed(context, artifact.files, types)
        new: list[str] = []
        for kind in types:
            output = self._output(kind)
            lines = "".join(
                f"{found[path][kind]}\t{os.path.basename(path)}\n" for path in artifact.files
            )
            try:
                if await asyncio.to_thread(_add, output, lines):
                    new.append(output)
            except OSError as problem:
                raise StepError(
                    f"{output} cannot be written: {problem.strerror}. Correct the output of the "
                    "checksum, or what is in its way."
                ) from problem
            context.say(f"{kind} in {output}")
        files = (*artifact.files, *new)
        return Artifact(BUILDER_ID, "", f"Created artifact from files: {', '.join(files)}", files)

    def _output(self, kind: str) -> str:
        setting = self.setting
        return setting.interpolation.with_build(setting.values).render(
            self.options.output,
            BuildName=setting.build_name,
            BuilderType=setting.builder_type,
            ChecksumType=kind,
        )

    async def _hashed(
        self, context: StepContext, files: Sequence[str], types: Sequence[str]
    ) -> Mapping[str, Mapping[str, str]]:
        """The checksums of each file by type: each file is read once."""
        total, done = float(sum(map(_size, files))), 0
        found = {}
        for path in files:
            hashes = {kind: hashlib.new(kind, usedforsecurity=False) for kind in types}
            try:
                with await asyncio.to_thread(open, path, "rb") as file:
                    while size := await asyncio.to_thread(_piece, file, list(hashes.values())):
                        done += size
                        context.progress(f"reading {path}", done, max(total, done))
            except OSError as problem:
                raise StepError(
                    f"{path} cannot be read: {problem.strerror}. It is a file of what was built; put it "
                    "back and retry this step."
                ) from problem
            found[path] = {kind: made.hexdigest() for kind, made in hashes.items()}
        return found


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _piece(file: BinaryIO, hashes: Sequence[hashlib._Hash]) -> int:
    """Hashes the next piece; its size, 0 at the end."""
    data = file.read(PIECE)
    for each in hashes:
        each.update(data)
    return len(data)


def _add(path: str, text: str) -> bool:
    """Adds to a file, in folders that are made where they are missing; whether it is a new one."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    is_new = not os.path.exists(path)
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)
    return is_new
