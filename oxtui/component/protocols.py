"""What builders, communicators and provisioners are to the engine that runs them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Protocol

from oxtui.component.errors import StepError
from oxtui.component.events import Event, Level, PlanValue, StepPlan
from oxtui.component.recorder import Recorder
from oxtui.component.resources import ResourceRecord
from oxtui.settings.sections import Waits
from oxtui.template.legacy.interpolate import Interpolation

if TYPE_CHECKING:
    from oxtui.component.checkpoints import GuestDisk, Inputs, LostMachine, StartPoint
    from oxtui.component.options import Options
    from oxtui.component.post_processing import Artifact
    from oxtui.component.snapshots import SnapshotReader

Stream = Literal["stdout", "stderr", "ours"]
Output = Callable[[Stream, bytes], None]


@dataclass(frozen=True, slots=True)
class ExitStatus:
    """How a guest's command ended: a status, or a signal's name, or a lost connection."""

    status: int | None
    signal: str = ""
    lost: bool = False
    cause: str = ""
    """Why the connection was lost, where that is known."""

    def __str__(self) -> str:
        if self.lost:
            return f"connection lost: {self.cause}" if self.cause else "connection lost"
        return f"signal {self.signal}" if self.signal else f"exit status {self.status}"


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a transfer is, or was in the end."""

    size: int = 0
    """Bytes of content so far."""
    of_size: int | None = None
    """Bytes in all, where that is known."""
    files: int = 0
    of_files: int | None = None
    skipped: tuple[str, ...] = ()
    """What was left out, each as a phrase that names it and tells why."""


OnMoved = Callable[[Moved], None]


def unheard(_moved: Moved) -> None:
    """For who does not listen to a transfer's progress."""


class Problem(NamedTuple):
    """What is wrong with an option, as a sentence."""

    option: str
    text: str


class Shell(Protocol):
    """An interactive shell on a PTY of the guest."""

    async def read(self) -> bytes:
        """The next output; empty once the shell has ended."""
        ...

    def write(self, data: bytes) -> None:
        """Sends keys."""
        ...

    def resize(self, columns: int, rows: int) -> None:
        """Tells the guest the size of the terminal."""
        ...

    async def close(self) -> ExitStatus:
        """Hangs up and tells how the shell ended."""
        ...


class Communicator(Protocol):
    """A way into the machine."""

    @property
    def on_terminal(self) -> bool:
        """Whether commands without an input run on a terminal."""
        ...

    async def run(
        self, command: str, output: Output, *, stdin: bytes | None = None, by_sh: bool = False
    ) -> ExitStatus:
        """Runs a command by the user's login shell, or `by_sh`; cancelling ends the guest's processes."""
        ...

    async def upload(
        self,
        content: bytes | Path,
        destination: str,
        mode: int | None = None,
        *,
        masked: bool = False,
        moved: OnMoved = unheard,
    ) -> Moved:
        """Writes one file of the guest, over what was there; `masked` takes its umask from the mode.

        Without a mode it is that of any new file of the user.
        """
        ...

    async def upload_tree(
        self, source: Path, destination: str, *, inside: str = "", moved: OnMoved = unheard
    ) -> Moved:
        """Copies a directory's content into `destination`, which is made where it is missing.

        Where it is there already, `inside` names the directory in it that gets the content.
        """
        ...

    async def download(self, source: str, destination: Path, *, moved: OnMoved = unheard) -> Moved:
        """Copies a file of the guest here."""
        ...

    async def download_tree(
        self, pattern: str, destination: Path, *, moved: OnMoved = unheard
    ) -> Moved:
        """Copies files and directories that match the shell pattern into the directory `destination`."""
        ...

    async def open_shell(self, columns: int, rows: int) -> Shell:
        """Starts the user's login shell on a PTY."""
        ...

    async def close(self) -> None:
        """Ends the connection."""
        ...


class StepContext(Protocol):
    """What a running step may use. One per attempt."""

    @property
    def build(self) -> str:
        """Name of the build."""
        ...

    @property
    def step(self) -> str:
        """Id of the step."""
        ...

    def say(self, text: str) -> None:
        """A line of our own in the step's log."""
        ...

    def output(self, stream: Stream, data: bytes) -> None:
        """Bytes of the guest into the step's log."""
        ...

    def emit(self, event: Event) -> None:
        """Tells the session's readers."""
        ...

    def now(self) -> float:
        """Unix seconds."""
        ...

    def note(self, text: str, level: Level = "info") -> None:
        """A sentence for the operator, beside the log."""
        ...

    def progress(self, text: str, done: float | None = None, total: float | None = None) -> None:
        """What the step is at."""
        ...

    async def ask(self, question: str, problem: str = "") -> str:
        """A secret from whoever follows the build, such as a passphrase; empty where nobody gives one.

        `problem` says why the last answer was wrong. Whoever asks hides the answer (`BuilderSetting.hide`).
        """
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """A step with what it does. `keeps_machine`: a failure here halts with the machine kept."""

    plan: StepPlan
    run: Callable[[StepContext], Awaitable[None]]
    keeps_machine: bool = False


@dataclass(slots=True)
class Guest:
    """The machine that provisioners work on, once a builder has connected to it."""

    communicator: Communicator | None = None
    values: dict[str, Any] = field(default_factory=dict)
    """`build.*` of the template: ID, Host, Port, User, … (packer.md 1.4)."""

    def reach(self) -> Communicator:
        """The way in.

        Raises:
            StepError: the builder has not connected.
        """
        if self.communicator is None:
            raise StepError("there is no connection to a guest; retry the connect step first")
        return self.communicator


class Connector(Protocol):
    """Opens clients of the services that builders work with."""

    @property
    def hide(self) -> Callable[[str], None]:
        """Takes a secret that must appear nowhere."""
        ...

    def client(self, name: str, explicit: Any) -> AbstractAsyncContextManager[Any]:
        """A client of a provider's service, which the options, the environment and the profile in use name.

        `explicit` is what the options say, in the provider's own form.
        """
        ...


@dataclass(frozen=True, slots=True)
class BuilderSetting:
    """What a builder is told beside its options."""

    build: str
    """The build's full name."""
    source_name: str
    """Name of its source: `build.name` of the template."""
    run_id: str
    """Four hexadecimal digits that keep names of this run apart from others."""
    interpolation: Interpolation
    connector: Connector
    recorder: Recorder
    waits: Waits
    force: bool
    """Replace an artifact of the same name."""
    emit: Callable[[Event], None]
    now: Callable[[], float]
    spawn: Callable[[Coroutine[Any, Any, None]], None]
    """Runs beside the steps, until the build cleans up."""
    hide: Callable[[str], None]
    """Takes a secret that must appear nowhere."""
    serial: Callable[[bytes], None]
    """Takes the machine's console output."""
    ssh_port: int | None = None
    """Of a rack whose instances listen elsewhere than the template says by default."""
    promote: str = ""
    """What asked for the image to go to the silo in the end (`--promote`); empty: it stays in its project."""
    run_uuid: str = ""
    """Of the session, the same for all of its builds: `build.PackerRunUUID`."""
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    passphrases: list[str] = field(default_factory=list, repr=False)
    """Those that opened a private key in this session: shared by all of its builds, and in memory alone."""
    claims: dict[str, str] = field(default_factory=dict)
    """What the builds of the session are about to make, and which build: shared by all of them."""


async def _no_way(lost: LostMachine) -> StartPoint | None:
    raise StepError(lost.why)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """How far a build had come in a process that ended, for its builder to go on from there."""

    memory: Mapping[str, Any]
    """What the builder remembered last; empty if it was cut off before that."""
    done: frozenset[str]
    """Ids of the build's steps that were done or skipped, those of provisioners included."""
    provisioned: bool
    """The work of a provisioner is in the machine."""
    needs_guest: bool
    """A step that may work in the guest is still to run, beside the builder's own."""
    private_key: str = field(default="", repr=False)
    """Of the temporary key pair; empty where it went with its process."""
    done_at: float = 0.0
    """When the last provisioner was done, in Unix seconds; 0.0 where none is."""
    instead: Callable[[LostMachine], Awaitable[StartPoint | None]] = _no_way
    """What another machine begins with in place of a provisioned one that cannot go on: a checkpoint, or
    (None) the disk of that machine as it is. Raises BeginAnew where the build is to begin anew, and StepError
    where there is nothing."""
    ended: bool = False
    """The process came to the end of the build: the guest had written what was done before it was let go."""


class Builder(Protocol):
    """Makes a machine, lets provisioners at it, captures an artifact, leaves nothing behind."""

    Options: ClassVar[type[Options]]
    provider: ClassVar[str]
    """On whose service it works (`oxtui.component.providers`); empty for none."""
    makes_machine: ClassVar[bool]
    """Whether there is a machine of its own, which an operator can keep when a step fails."""
    without_artifact: ClassVar[str]
    """What is said of a build that succeeded and has no artifact."""
    without_guest: ClassVar[str]
    """Why there is no guest where `has_guest` says so, and how to get one; the end of a sentence goes on."""
    without_snapshot: ClassVar[str]
    """Why there is no snapshot to read where `has_snapshot` says so, and what to do; the same."""
    guest: Guest
    private_key: str
    """Of the temporary key pair, for an operator who keeps the machine; empty if there is none."""

    def __init__(self, options: Any, setting: BuilderSetting) -> None: ...

    @property
    def disk(self) -> GuestDisk | None:
        """The disk of the machine that it makes; None where it makes none."""
        ...

    @property
    def snapshot(self) -> SnapshotReader | None:
        """Lets its snapshot be read, as soon as that is taken; None where none ever is."""
        ...

    @property
    def source(self) -> str:
        """All that a fresh machine depends on, such as the id of its image; empty if that is not known."""
        ...

    @staticmethod
    def has_guest(options: Any) -> bool:
        """Whether provisioners get a guest to work on; those that need one are refused where not."""
        ...

    @staticmethod
    def has_snapshot(options: Any) -> bool:
        """Whether post-processors get a snapshot to read; those that need one are refused where not."""
        ...

    def values(self) -> Sequence[PlanValue]:
        """What the build will use, with sources, for the plan."""
        ...

    def before(self) -> Sequence[Step]:
        """Steps up to the connected machine."""
        ...

    def after(self) -> Sequence[Step]:
        """Steps from the provisioned machine to the artifact."""
        ...

    def result(self) -> Artifact | None:
        """What was made, once `after` is done."""
        ...

    def remember(self) -> Mapping[str, Any]:
        """What it has to know to go on in another process: plain values, and no secrets."""
        ...

    async def recall(self, before: Unfinished, context: StepContext) -> Mapping[str, str]:
        """Goes on from where another process ended, once it has looked at what is really there.

        Returns:
            The ids of its own steps that need not run, each with the reason where that is not just
            that it was done.

        Raises:
            StepError: what is needed is not there; nothing was changed.
            ServiceError: the service has no answer.
        """
        ...

    def service(self, record: ResourceRecord) -> Any:
        """The connected service that holds a resource, for its deletion; None for what a post-processor made."""
        ...

    async def hand_over(self) -> None:
        """All steps up to the cleanup succeeded: what was made is the operator's, and no cleanup removes it."""
        ...

    async def disconnect(self) -> None:
        """Ends the connection to the guest; called before resources are deleted."""
        ...

    async def close(self) -> None:
        """Ends the connection to the service; called last."""
        ...


@dataclass(frozen=True, slots=True)
class ProvisionerSetting:
    """What a provisioner is told beside its options."""

    build_name: str
    """Name of the source, as `PACKER_BUILD_NAME` has it."""
    builder_type: str
    interpolation: Interpolation
    trace: bool = False
    """The operator asked to see each command of a script."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """What programs that are started on this machine inherit."""


class Provisioner(Protocol):
    """Changes the machine."""

    Options: ClassVar[type[Options]]
    needs_guest: ClassVar[bool]
    """Whether it works on the machine; one that does not can run without any."""

    def __init__(self, options: Any, setting: ProvisionerSetting) -> None: ...

    @staticmethod
    def detail(options: Any) -> str:
        """What tells this one from others in a list: its script, its destination."""
        ...

    @staticmethod
    def problems(options: Any, folder: Path) -> Sequence[Problem]:
        """What can be known to be wrong before anything is spent."""
        ...

    @staticmethod
    def inputs(options: Any) -> Inputs:
        """What it reads of this machine, and where what it does is to be found."""
        ...

    async def provision(self, context: StepContext, guest: Guest) -> None:
        """Does the work.

        Raises:
            StepError: it failed.
        """
        ...
