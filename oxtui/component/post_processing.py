"""What post-processors are to the engine: an artifact goes in, another comes out (packer.md part 5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from oxtui.component.protocols import Problem, StepContext
from oxtui.template.legacy.interpolate import Interpolation

if TYPE_CHECKING:
    from oxtui.component.options import Options

Moment = Literal["before_seal", "before_cleanup", "after_cleanup"]
"""When a post-processor runs: with the guest still there, with the snapshot still there, or at the very end."""


async def nothing_to_destroy() -> None:
    """Of an artifact without anything that could be removed."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a builder or a post-processor made.

    Attributes:
        builder_id: Which component made it, as manifests name it: `packer.file`.
        id: What it is known by, as manifests have it; empty where there is none.
        text: A line for the operator, such as `Stored file: image.raw`.
        files: Paths on this machine, relative ones from the working directory.
        destroy: Removes it, where a later post-processor took its place.
    """

    builder_id: str
    id: str
    text: str
    files: tuple[str, ...] = ()
    destroy: Callable[[], Awaitable[None]] = field(
        default=nothing_to_destroy, repr=False, compare=False
    )


@dataclass(frozen=True, slots=True)
class PostProcessorSetting:
    """What a post-processor is told beside its options."""

    build_name: str
    """Name of the source, as `PACKER_BUILD_NAME` has it."""
    builder_type: str
    run_uuid: str
    """Of the session, the same for all of its builds."""
    force: bool
    """`-force` of the build."""
    interpolation: Interpolation
    now: Callable[[], float]
    """Unix seconds."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """What programs that are started on this machine inherit."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """`build.*` of the template, as far as the builder has told them."""


class PostProcessor(Protocol):
    """Works on what a build made."""

    Options: ClassVar[type[Options]]
    moment: ClassVar[Moment]
    keeps_input: ClassVar[bool]
    """Whether the artifact that it was given stays where the template does not say."""
    forces_keep: ClassVar[bool]
    """Whether the artifact that it was given stays whatever the template says."""

    def __init__(self, options: Any, setting: PostProcessorSetting) -> None: ...

    @staticmethod
    def detail(options: Any) -> str:
        """What tells this one from others in a list: its output, its script."""
        ...

    @staticmethod
    def problems(options: Any, folder: Path) -> Sequence[Problem]:
        """What can be known to be wrong before anything is spent."""
        ...

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """Does the work and gives what the next of its chain is given.

        Raises:
            StepError: it failed; what it had begun to write is gone.
        """
        ...
