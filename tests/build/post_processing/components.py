"""A builder with a file, and post-processors that do as they are told: to be tried in sessions."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from oxtui.builders.null.builder import NullBuilder
from oxtui.builders.null.options import NullOptions
from oxtui.component.errors import StepError
from oxtui.component.events import StepPlan
from oxtui.component.options import Options, option
from oxtui.component.post_processing import Artifact, Moment, PostProcessorSetting
from oxtui.component.protocols import Problem, Step, StepContext
from oxtui.component.registry import ComponentKind


class FiledOptions(NullOptions):
    """What it makes."""

    target: str = option("built", help="The file.")
    none: bool = option(False, help="No artifact.")
    remote: bool = option(False, help="The artifact is elsewhere.")
    unsnapped: bool = option(False, help="No snapshot can be read.")


class FiledBuilder(NullBuilder):
    """Makes a file."""

    Options: ClassVar[type[FiledOptions]] = FiledOptions
    without_artifact: ClassVar[str] = "Nothing was made."
    without_snapshot: ClassVar[str] = "it was told so. Leave that out"

    @staticmethod
    def has_snapshot(options: FiledOptions) -> bool:  # type: ignore[override]
        """Unless told otherwise."""
        return not options.unsnapped

    def after(self) -> Sequence[Step]:
        """It is written in the end."""
        return [Step(StepPlan(id="write", kind="capture", title="write"), self._write)]

    async def _write(self, context: StepContext) -> None:
        path = Path(self.options.target)  # type: ignore[attr-defined]
        path.write_text("built\n")
        self.made = path

    made: Path | None = None

    def result(self) -> Artifact | None:  # type: ignore[override]
        """The file."""
        options: FiledOptions = self.options  # type: ignore[assignment]
        if options.none or self.made is None:
            return None
        if options.remote:
            return Artifact("oxide.instance", "id-1", "web-1", name="web-1", stays=True)
        return Artifact("packer.file", "File", f"Stored file: {self.made}", (str(self.made),))


class DoingOptions(Options):
    """What it does."""

    to: str = option(
        "", help="The file that it makes of all that it is given; empty passes that on."
    )
    fails: str = option("", help="Why it fails, if it does.")
    waits: bool = option(False, help="It waits for ever.")
    late: bool = option(False, help="It runs in the end.")


class Replacing:
    """Puts a file in the place of what it is given."""

    Options: ClassVar[type[DoingOptions]] = DoingOptions
    keeps_input: ClassVar[bool] = False
    forces_keep: ClassVar[bool] = False
    provider: ClassVar[str] = ""

    def __init__(self, options: DoingOptions, setting: PostProcessorSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def moment(options: DoingOptions) -> Moment:
        """At the very end."""
        return "after_cleanup"

    @staticmethod
    def detail(options: DoingOptions) -> str:
        """The file."""
        return options.to

    @staticmethod
    def problems(options: DoingOptions, folder: Path) -> Sequence[Problem]:
        """Its file must not be in a folder."""
        return [Problem("to", "no folders here")] if "/" in options.to else []

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """As the options say."""
        context.say(f"given {artifact.text or 'nothing'}")
        if self.options.waits:
            await asyncio.Event().wait()
        if self.options.fails:
            raise StepError(self.options.fails)
        to = self.options.to
        if not to:
            return artifact
        texts = [Path(path).read_text() for path in artifact.files]
        Path(to).write_text("".join(texts) + f"{to}\n")
        return Artifact("test", "", f"Made {to}", (to,))


class Keeping(Replacing):
    """Keeps what it is given, whatever the template says."""

    keeps_input: ClassVar[bool] = True
    forces_keep: ClassVar[bool] = True


class Adding(Keeping):
    """Gives what it was given, with one more file."""

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """Adds the file."""
        made = await super().process(context, artifact)
        files = (*artifact.files, *made.files)
        return Artifact("test", "", f"Files: {', '.join(files)}", files)


class Sealing(Keeping):
    """Runs with the machine still there."""

    @staticmethod
    def moment(options: DoingOptions) -> Moment:
        """Before the machine is sealed."""
        return "before_seal"

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """Tells of the machine."""
        context.say(f"machine {self.setting.guest.values['ID']}")
        return await super().process(context, artifact)


class Snapping(Keeping):
    """Runs with the snapshot still there, or in the end where it is told to."""

    @staticmethod
    def moment(options: DoingOptions) -> Moment:
        """Before the cleanup."""
        return "after_cleanup" if options.late else "before_cleanup"


KINDS: dict[ComponentKind, dict[str, type]] = {
    "builder": {"filed": FiledBuilder},
    "post-processor": {
        "replace": Replacing, "keep": Keeping, "add": Adding, "seal": Sealing, "snap": Snapping,
    },
}  # fmt: skip


def chain(*members: str) -> str:
    """A chain of post-processors: each a type, and what else stands in its block."""
    blocks = []
    for member in members:
        kind, _, more = member.partition(" ")
        blocks.append(f'post-processor "{kind}" {{\n{more}\n}}')
    return "post-processors {\n" + "\n".join(blocks) + "\n}"


def filed(*parts: str, more: str = "") -> str:
    """A template with the builder and these parts."""
    inner = "\n".join(parts)
    return (
        f'source "filed" "x" {{\n communicator = "none"\n {more}\n}}\n'
        f'build {{\n sources = ["filed.x"]\n {inner}\n}}\n'
    )


def there(folder: Path) -> list[str]:
    """The files in a folder, by name."""
    return sorted(os.listdir(folder))
