"""The compress post-processor: one archive in the place of what was built (packer.md part 5)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from oxtui.component.errors import StepError
from oxtui.component.post_processing import Artifact, Moment, PostProcessorSetting
from oxtui.component.protocols import Problem, StepContext
from oxtui.component.threads import in_thread
from oxtui.postprocessors.compress.options import CompressOptions
from oxtui.postprocessors.compress.writing import write_archive

BUILDER_ID: Final = "packer.post-processor.compress"


class CompressPostProcessor:
    """The `compress` post-processor."""

    Options: ClassVar[type[CompressOptions]] = CompressOptions
    keeps_input: ClassVar[bool] = False
    forces_keep: ClassVar[bool] = False
    provider: ClassVar[str] = ""

    def __init__(self, options: CompressOptions, setting: PostProcessorSetting) -> None:
        self.options = options
        self.setting = setting

    @staticmethod
    def moment(options: CompressOptions) -> Moment:
        """At the very end."""
        return "after_cleanup"

    @staticmethod
    def detail(options: CompressOptions) -> str:
        """The archive."""
        return options.output

    @staticmethod
    def problems(options: CompressOptions, folder: Path) -> Sequence[Problem]:
        """None: the files are not there yet."""
        return []

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """Puts all files into one archive, or compresses the only one.

        Raises:
            StepError: a file cannot be read, the archive not be written, or its format holds one file.
        """
        options, setting, files = self.options, self.setting, artifact.files
        kind = options.kind
        output = setting.interpolation.with_build(setting.values).render(
            options.output, BuildName=setting.build_name, BuilderType=setting.builder_type
        )
        if not kind.archive and len(files) != 1:
            raise StepError(
                f"output: {output} would be of the format {kind}, which holds one file, and there are "
                f"{len(files)}. Write an archive, such as .tar.{options.format or 'gz'}."
            )
        _tell_odd(context, kind.archive, files)
        total = sum(map(_size, files))
        context.say(f"Writing {output} as {kind}")
        size = await in_thread(
            partial(write_archive, files, output, kind, options.level),
            lambda done: context.progress(f"writing {output}", done, max(done, total)),
        )
        context.say(f"{output} has {size} bytes, made from {total}")
        return Artifact(
            BUILDER_ID, "", f"compressed artifacts in: {output}", (output,), name=output,
            fields=(("bytes", str(size)),),
        )  # fmt: skip


def _tell_odd(context: StepContext, archive: str, files: Sequence[str]) -> None:
    if not files:
        context.note(
            "There are no files on this machine to compress; the archive is empty.", "warning"
        )
    names = Counter(map(os.path.basename, files))
    twice = [name for name, count in names.items() if count > 1]
    if archive == "tar" and twice:
        context.note(
            f"The archive holds {' and '.join(twice)} more than once, as a tar has names without "
            "folders; whoever unpacks it gets the last one. A zip has the folders.",
            "warning",
        )


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
