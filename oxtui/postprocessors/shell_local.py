"""The shell-local post-processor: the same scripts once a build is done (packer.md 3.3, part 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

from oxtui.component.post_processing import Artifact, Moment, PostProcessorSetting
from oxtui.component.protocols import Guest, Problem, ProvisionerSetting, StepContext
from oxtui.provisioners.shell_local.options import ShellLocalOptions
from oxtui.provisioners.shell_local.provisioner import ShellLocalProvisioner

ID: Final = "OXTUI_ARTIFACT_ID"
FILES: Final = "OXTUI_ARTIFACT_FILES"
LONGEST: Final = 100_000
"""Bytes of a variable: Linux starts no program with one of more than 128 KiB."""


class ShellLocalPostOptions(ShellLocalOptions):
    """Scripts that run on this machine once a build is done."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/docs/post-processors/shell-local"
    )


class ShellLocalPostProcessor:
    """The `shell-local` post-processor: what it is given it passes on."""

    Options: ClassVar[type[ShellLocalPostOptions]] = ShellLocalPostOptions
    keeps_input: ClassVar[bool] = True
    forces_keep: ClassVar[bool] = True
    provider: ClassVar[str] = ""

    def __init__(self, options: ShellLocalPostOptions, setting: PostProcessorSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def moment(options: ShellLocalPostOptions) -> Moment:
        """At the very end."""
        return "after_cleanup"

    @staticmethod
    def detail(options: ShellLocalPostOptions) -> str:
        """What tells it from its likes, as of the provisioner."""
        return ShellLocalProvisioner.detail(options)

    @staticmethod
    def problems(options: ShellLocalPostOptions, folder: Path) -> Sequence[Problem]:
        """What is wrong with its scripts, as of the provisioner."""
        return ShellLocalProvisioner.problems(options, folder)

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """Runs each script in turn; two variables tell what was built, which Packer keeps to itself.

        Raises:
            StepError: a script failed, or could not be started.
        """
        given, options = self.setting, self.options
        if len(options.execute_command) == 1:
            # One text was a command of a shell before it could be a list, and still is.
            command = ["sh", "-c", *options.execute_command]
            options = options.model_copy(update={"execute_command": command})
        setting = ProvisionerSetting(
            given.build_name, given.builder_type, given.interpolation,
            environ={**given.environ, **_told(artifact)},
        )  # fmt: skip
        guest = Guest(values=dict(given.values))
        await ShellLocalProvisioner(options, setting).provision(context, guest)
        return artifact


def _told(artifact: Artifact) -> Mapping[str, str]:
    """The artifact's id, and its files, one a line; without these where they are too many."""
    files = "\n".join(artifact.files)
    fits = len(files.encode(errors="surrogateescape")) <= LONGEST
    return {ID: artifact.id, **({FILES: files} if fits else {})}
