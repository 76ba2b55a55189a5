"""The artifice post-processor: files of one's own in the place of what was built (packer.md part 5)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from pydantic import field_validator

from oxtui.component.errors import StepError
from oxtui.component.options import Options, checked_template, option
from oxtui.component.post_processing import Artifact, Moment, PostProcessorSetting
from oxtui.component.protocols import Problem, StepContext
from oxtui.postprocessors import go_glob

BUILDER_ID: Final = "packer.post-processor.artifice"


class ArtificeOptions(Options):
    """Which files."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/docs/post-processors/artifice"
    )

    files: list[str] = option(
        help="Paths of the files that are the artifact from here on, or patterns such as out/*.img; "
        "what is not there is passed over.",
        template=True,
    )

    @field_validator("files")
    @classmethod
    def _readable(cls, files: list[str]) -> list[str]:
        if not files:
            raise ValueError("it is empty; name at least one file, or a pattern")
        for each in files:
            if "{{" not in each:
                go_glob.check(each)
            checked_template(each)
        return files


class ArtificePostProcessor:
    """The `artifice` post-processor."""

    Options: ClassVar[type[ArtificeOptions]] = ArtificeOptions
    keeps_input: ClassVar[bool] = True
    forces_keep: ClassVar[bool] = False
    provider: ClassVar[str] = ""

    def __init__(self, options: ArtificeOptions, setting: PostProcessorSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def moment(options: ArtificeOptions) -> Moment:
        """At the very end."""
        return "after_cleanup"

    @staticmethod
    def detail(options: ArtificeOptions) -> str:
        """The patterns."""
        return ", ".join(options.files)

    @staticmethod
    def problems(options: ArtificeOptions, folder: Path) -> Sequence[Problem]:
        """None: the files are made by the build."""
        return []

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """Looks for the files; each counts once, however many patterns it fits.

        Raises:
            StepError: a pattern cannot be read, or a file is a link that leads nowhere.
        """
        if artifact.files:
            context.say(f"Discarding files from artifact: {', '.join(artifact.files)}")
        setting = self.setting
        interpolation = setting.interpolation.with_build(setting.values)
        patterns = [interpolation.render(each) for each in self.options.files]
        files = await asyncio.to_thread(_found, patterns)
        if not files:
            context.note(
                f"Nothing fits {', '.join(patterns)}: the artifact has no files.", "warning"
            )
        told = ", ".join(files)
        context.say(f"Using these artifact files: {told}")
        return Artifact(BUILDER_ID, "", f"Created artifact from files: {told}", tuple(files))


def _found(patterns: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for pattern in patterns:
        try:
            found |= dict.fromkeys(go_glob.glob(pattern))
        except go_glob.BadPattern as problem:
            raise StepError(f"files: {problem}. Correct it and retry this step.") from None
    for path in found:
        if not os.path.exists(path):
            raise StepError(
                f"files: {path} is a link that leads nowhere. Remove it, or name others."
            )
    return list(found)
