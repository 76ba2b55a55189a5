"""The manifest post-processor: a list of what was built, in a JSON file that grows run after run (packer.md 5)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from oxtui.component.errors import StepError
from oxtui.component.options import Options, option
from oxtui.component.post_processing import Artifact, Moment, PostProcessorSetting
from oxtui.component.protocols import Problem, StepContext
from oxtui.postprocessors.manifest_file import (
    ManifestBuild,
    ManifestError,
    add_to_manifest,
)


class ManifestOptions(Options):
    """Where the list is, and what is told of each build."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/docs/post-processors/manifest"
    )

    output: str = option(
        "packer-manifest.json", help="The file; builds are added to it.", template=True
    )
    strip_path: bool = option(False, help="Names of files without their folders.")
    strip_time: bool = option(False, help="Leaves the time of the build out.")
    custom_data: dict[str, str] = option(
        dict, help="Further facts, told with each build.", template=True
    )


class ManifestPostProcessor:
    """The `manifest` post-processor."""

    Options: ClassVar[type[ManifestOptions]] = ManifestOptions
    keeps_input: ClassVar[bool] = True
    forces_keep: ClassVar[bool] = True
    provider: ClassVar[str] = ""

    def __init__(self, options: ManifestOptions, setting: PostProcessorSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def moment(options: ManifestOptions) -> Moment:
        """At the very end."""
        return "after_cleanup"

    @staticmethod
    def detail(options: ManifestOptions) -> str:
        """The file."""
        return options.output

    @staticmethod
    def problems(options: ManifestOptions, folder: Path) -> Sequence[Problem]:
        """None: what is in the file may change until it is read."""
        return []

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """Adds the build to the file.

        Raises:
            StepError: the file cannot be read or written, or is no manifest; it is as it was.
        """
        setting, options = self.setting, self.options
        interpolation = setting.interpolation.with_build(setting.values)
        custom = {name: interpolation.render(text) for name, text in options.custom_data.items()}
        output = interpolation.render(options.output)
        build = ManifestBuild(
            name=setting.build_name,
            builder_type=setting.builder_type,
            build_time=0 if options.strip_time else int(setting.now()),
            files=await asyncio.to_thread(self._files, artifact) or None,
            artifact_id=artifact.id,
            packer_run_uuid=setting.run_uuid,
            custom_data=custom or None,
        )
        try:
            count = await add_to_manifest(Path(output), build, force=setting.force)
        except ManifestError as problem:
            raise StepError(str(problem)) from problem
        context.say(f"{output} lists {count} build{'' if count == 1 else 's'} now")
        return artifact

    def _files(self, artifact: Artifact) -> tuple[tuple[str, int], ...]:
        strip = self.options.strip_path
        return tuple(
            (os.path.basename(path) if strip else path, _size(path)) for path in artifact.files
        )


def _size(path: str) -> int:
    """Bytes; 0 for a file that is not there, as Packer tells it."""
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
