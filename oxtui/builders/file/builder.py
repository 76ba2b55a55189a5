"""The file builder: the file first, then provisioners on this machine, and the file is the artifact."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from oxtui.builders.file.options import FileOptions
from oxtui.builders.file.storing import copy, store
from oxtui.component.events import PlanValue, StepPlan
from oxtui.component.post_processing import Artifact
from oxtui.component.protocols import BuilderSetting, Guest, Step, StepContext, Unfinished
from oxtui.component.resources import ResourceRecord
from oxtui.component.threads import in_thread
from oxtui.template.resolve.context import unknown_build

BUILDER_ID = "packer.file"
"""Packer's own, which manifests name."""
IDENTIFIER = "File"
_SIZE = "bytes"


class FileBuilder:
    """Stores a file; no machine, no rack and no credentials are needed."""

    Options: ClassVar[type[FileOptions]] = FileOptions
    provider: ClassVar[str] = ""
    makes_machine: ClassVar[bool] = False
    without_artifact: ClassVar[str] = "No file was stored."
    disk: ClassVar[None] = None
    snapshot: ClassVar[None] = None
    without_snapshot: ClassVar[str] = "this builder makes a file. Take one that makes a machine"
    without_guest: ClassVar[str] = "this builder makes a file. Take one that makes a machine"

    def __init__(self, options: FileOptions, setting: BuilderSetting) -> None:
        self.options = options
        self.setting = setting
        self.private_key = ""
        self.source = ""
        self.guest = Guest(values=unknown_build())
        self._stored: Artifact | None = None

    @staticmethod
    def has_guest(options: FileOptions) -> bool:
        """There is none: only provisioners that work on this machine can run."""
        return False

    @staticmethod
    def has_snapshot(options: FileOptions) -> bool:
        """Never."""
        return False

    def values(self) -> Sequence[PlanValue]:
        """Where the file comes from and where it goes."""
        names = ("source", "target") if self.options.source else ("target",)
        return [
            PlanValue(name=name, value=getattr(self.options, name), source="template")
            for name in names
        ]

    def before(self) -> Sequence[Step]:
        """The file is stored before provisioners run, so that they can work on it."""
        plan = StepPlan(id="file", kind="prepare", title="file", detail=self.options.target)
        return [Step(plan, self._store)]

    async def _store(self, context: StepContext) -> None:
        """Writes the file, over one that is there.

        Raises:
            StepError: it cannot be read or written; a file that was there is as it was.
        """
        render = self.setting.interpolation.render
        target, source = render(self.options.target), render(self.options.source)
        if source:
            context.say(f"Copying {source} to {target}")
            size = await in_thread(
                partial(copy, source, target),
                lambda done: context.progress(f"copying {source}", done),
            )
            context.say(f"Copied {size} bytes")
        else:
            content = render(self.options.content).encode(errors="surrogateescape")
            size = await asyncio.to_thread(store, content, target)
            context.say(f"Stored {size} bytes in {target}")

        self._stored = _artifact(target, str(size))

    def after(self) -> Sequence[Step]:
        """The file is there already."""
        return []

    def result(self) -> Artifact | None:
        """The file, once it is stored."""
        return self._stored

    def remember(self) -> Mapping[str, Any]:
        """The file, once it is stored."""
        stored = self._stored
        return {} if stored is None else {"target": stored.name, "size": dict(stored.fields)[_SIZE]}

    async def recall(self, before: Unfinished, context: StepContext) -> Mapping[str, str]:
        """The file as it was stored; a post-processor may have put something else in its place."""
        if "target" not in before.memory:
            return {}
        self._stored = _artifact(before.memory["target"], before.memory["size"])
        return {"file": ""}

    def service(self, record: ResourceRecord) -> None:
        """Nothing is made that a service holds."""

    async def hand_over(self) -> None:
        """A file is the operator's from the first."""

    async def disconnect(self) -> None:
        """There is no connection."""

    async def close(self) -> None:
        """There is no service."""


def _artifact(target: str, size: str) -> Artifact:
    text = f"Stored file: {target}"
    return Artifact(BUILDER_ID, IDENTIFIER, text, (target,), name=target, fields=((_SIZE, size),))
