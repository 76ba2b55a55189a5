"""What post-processors are to the engine: an artifact goes in, another comes out (packer.md part 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, runtime_checkable

from oxtui.component.protocols import Guest, Problem, StepContext
from oxtui.component.recorder import Recorder
from oxtui.template.legacy.interpolate import Interpolation

if TYPE_CHECKING:
    from oxtui.component.options import Options
    from oxtui.component.snapshots import SnapshotReader

Moment = Literal["before_seal", "before_cleanup", "after_cleanup"]
"""When a post-processor runs: with the guest still there, with the snapshot still there, or at the very end.

One that runs before the cleanup is refused where the builder has no snapshot.
"""


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a builder or a post-processor made.

    The engine alone removes what of it was replaced: `files`, and of those none that an artifact which
    is kept has too. A post-processor removes nothing that it was given.

    Attributes:
        builder_id: Which component made it, as manifests name it: `packer.file`.
        id: What it is known by, as manifests have it; empty where there is none.
        text: A line for the operator, such as `Stored file: image.raw`.
        files: Paths on this machine, relative ones from the working directory.
        name: What lists of sessions call it: an image's name, a file's path; empty leaves it out.
        fields: Further facts of it, by name.
        noun: What it is, in a word; of no account where it is files.
        stays: It is elsewhere, such as an image on a rack: no post-processor takes its place.
    """

    builder_id: str
    id: str
    text: str
    files: tuple[str, ...] = ()
    name: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    noun: str = "image"
    stays: bool = False


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
    guest: Guest = field(default_factory=Guest)
    """The machine, for one that runs before the seal; else nothing can be reached there any more."""
    snapshot: SnapshotReader | None = None
    """What the builder captured, for one that runs before the cleanup; else it is gone, or not there yet."""
    hide: Callable[[str], None] = lambda _: None
    """Takes a secret that must appear nowhere."""
    folder: Path | None = None
    """Of the build, private to the operator, for what is too large for memory; it need not exist."""
    recorder: Recorder | None = None
    """Writes down what is created outside this process."""
    services: dict[str, Any] = field(default_factory=dict)
    """By host, what of its provider the build has open; it adds what holds the resources that it makes."""


class PostProcessor(Protocol):
    """Works on what a build made."""

    Options: ClassVar[type[Options]]
    keeps_input: ClassVar[bool]
    """Whether the artifact that it was given stays where the template does not say."""
    forces_keep: ClassVar[bool]
    """Whether the artifact that it was given stays whatever the template says."""
    provider: ClassVar[str]
    """What holds the resources that it makes (`oxtui.component.providers`); empty where it makes none."""

    def __init__(self, options: Any, setting: PostProcessorSetting) -> None: ...

    @staticmethod
    def moment(options: Any) -> Moment:
        """When it runs."""
        ...

    @staticmethod
    def detail(options: Any) -> str:
        """What tells this one from others in a list: its output, its script."""
        ...

    @staticmethod
    def problems(options: Any, folder: Path) -> Sequence[Problem]:
        """What can be known to be wrong before anything is spent."""
        ...

    async def process(self, context: StepContext, artifact: Artifact) -> Artifact:
        """Does the work and gives what the next of its chain is given: `artifact` itself to pass it on.

        One that runs before the seal is given an artifact without id, text and files: there is none yet.

        Raises:
            StepError: it failed; what it had begun to write is gone.
        """
        ...


@runtime_checkable
class Rehearses(Protocol):
    """A post-processor that can say before anything is made that it will not do."""

    async def rehearse(self, context: StepContext) -> None:
        """Asks whatever it needs in the end whether it is there, and changes nothing.

        Raises:
            StepError: it is not, or lets nobody in.
        """
        ...
