"""Events: what a session tells its readers (screen, plain log, JSON log, journal).

Output bytes are not events: they go to a spool per step, and `OutputGrown` tells how far it has grown.
Every event is a frozen dataclass of plain values, which `event_records` carries through JSON. Those of
the debugger alone are in `debugger_events`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

StepKind = Literal["prepare", "connect", "provision", "seal", "capture", "cleanup", "post-process"]
StepStatus = Literal["done", "failed", "skipped", "cancelled"]
BuildStatus = Literal["succeeded", "failed", "cancelled", "kept"]
BreakpointPlace = Literal["before", "after"]
PauseReason = Literal[
    "breakpoint", "failure", "requested", "step", "after", "cleanup", "output", "exit"
]
"""Why a build stands still: before a step (`breakpoint`, `requested`, `step`), after one (`after`, and
`output` or `exit` for what it printed or how its script ended), at a failure, or before the clean-up."""
Level = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlan:
    """One step of a build, known before it runs."""

    id: str
    """Unique in its build, stable between runs of one template: `instance`, `provision-2`."""
    kind: StepKind
    title: str
    """Short: `instance`, `2 shell`."""
    detail: str = ""
    """What tells it from its likes: script name, destination."""
    breakpoint: bool = False
    """The build stops before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanValue:
    """A value that the build will use, with where it came from (`template`, `OXIDE_HOST`, `default`)."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line of a step's log; `number` counts from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a step failed, as far as it is known; never a guess."""

    summary: str
    """One or two sentences: thing, place, cause, next step."""
    exit_status: int | None = None
    meaning: str = ""
    """What the exit status stands for, where that is known."""
    script: str = ""
    """Name of the script as the operator knows it."""
    line: int | None = None
    """Line of that script, only where the shell told it."""
    line_text: str = ""
    line_source: str = ""
    """Who told the line: `bash` (its ERR trap), `message` (`script: N:`), or empty."""
    traceable: bool = False
    """A rerun with trace would show each command, as a shell runs it."""
    last_lines: tuple[str, ...] = ()
    errors: tuple[LogLine, ...] = ()
    """The last lines of the attempt that look like errors, in their order."""
    request_id: str = ""
    """Of the API's reply, for the rack's support."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Common to all: `time` in Unix seconds, `build` the build's name (empty: the whole session)."""

    time: float
    build: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(Event):
    """A session began. `template` is the path or the name of what is built."""

    session: str
    template: str
    host: str = ""
    silo: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildPlanned(Event):
    """The build's ordered steps and the values that it will use."""

    steps: tuple[StepPlan, ...]
    values: tuple[PlanValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(Event):
    """A step runs; `attempt` counts from 1."""

    step: str
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress(Event):
    """What a running step is at: a sentence, and done of total where both are known (same unit)."""

    step: str
    text: str
    done: float | None = None
    total: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished(Event):
    """A step ended after `seconds`."""

    step: str
    status: StepStatus
    seconds: float
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputGrown(Event):
    """The spool of a step (or of `serial`) holds `lines` lines and `size` bytes now."""

    step: str
    lines: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Event):
    """A sentence for the operator; `step` may be empty."""

    text: str
    level: Level = "info"
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceStateChanged(Event):
    """The temporary instance entered a run state (oxide-api C6)."""

    instance: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BootTroubleSeen(Event):
    """The serial console shows that the boot fails, or (not `fatal`) that something in it does.

    `trouble` is the kind of it, `text` tells it and the next step in sentences, `line` is what shows it.
    """

    trouble: str
    text: str
    line: str
    fatal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressKnown(Event):
    """The temporary instance can be reached here.

    Port 0 stands for none: the address is the path of a root directory on the machine that builds.
    """

    address: str
    port: int
    user: str

    @property
    def is_local(self) -> bool:
        """Whether it is a root directory, to which no network leads."""
        return self.port == 0

    @property
    def place(self) -> str:
        """`user@address`, with the port if it is not SSH's own; brackets part it from IPv6 (RFC 3986)."""
        if self.is_local:
            return self.address
        if self.port == 22:
            return f"{self.user}@{self.address}"
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.user}@{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceIntended(Event):
    """Something is about to be created outside this process."""

    resource: int
    """Number of the resource in the journal."""
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceCreated(Event):
    """It exists, under this id."""

    resource: int
    kind: str
    name: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDeleted(Event):
    """It is gone, or was never made."""

    resource: int
    kind: str
    name: str
    made: bool = True
    """False: its creation failed and there was nothing to delete."""
    removed: bool = True
    """False: it was not there any more, as a step of the build or somebody else had removed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLeft(Event):
    """It could not be deleted, or was kept on purpose; `command` removes it."""

    resource: int
    kind: str
    name: str
    reason: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Event):
    """The build waits at `step` for a command; `choices` are names of the commands that apply."""

    step: str
    reason: PauseReason
    choices: tuple[str, ...]
    note: str = ""
    """Why: of a breakpoint its note, else what matched."""
    failure: Failure | None = None
    until: float | None = None
    """Unix seconds at which it ends by itself if nobody answers; None: it waits for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """The build goes on; `command` is the name of what the operator chose."""

    step: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretAsked(Event):
    """A running step waits for a secret, which `GiveSecret` brings; `problem` says why the last one was wrong."""

    step: str
    question: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretAnswered(Event):
    """The step waits no longer: a secret was given, or (`given` is false) nobody will give one."""

    step: str
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakpointSet(Event):
    """A breakpoint before or after `step` was set or taken away."""

    step: str
    on: bool
    when: BreakpointPlace = "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEdited(Event):
    """The operator changed options of a step for this session; `changes` are values by option name.

    `before` and `after` are what it runs as a text: as the session began, and now; `language` is that
    text's. Journals of older versions have none of them.
    """

    step: str
    changes: Mapping[str, Any]
    before: str = ""
    after: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactMade(Event):
    """The build has a result, told at its end; of a build with post-processors there may be several.

    `fields` are further facts of it, by name. `text` is its line for the operator, as Packer's, and
    `files` are its paths on this machine; journals of older versions have neither. `noun` is what it is.
    """

    builder_id: str
    id: str
    name: str
    fields: tuple[tuple[str, str], ...] = ()
    text: str = ""
    files: tuple[str, ...] = ()
    noun: str = "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesCollected(Event):
    """The guest was looked at, `before` the provisioners or `after` them, which took `seconds`.

    Afterwards `counts` says how many packages, users, … were changed by name of the section, and `size` the
    bytes of the files; the rest is in the session's folder. `reason` says why it is not known.
    """

    moment: Literal["before", "after"]
    seconds: float
    counts: Mapping[str, int] = field(default_factory=dict)
    size: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCalled(Event):
    """A call of the rack's API; `command` (of `oxide`) and `curl` repeat it by hand, without its token."""

    operation: str
    method: str
    path: str
    status: int | None
    seconds: float
    request_id: str = ""
    command: str = ""
    curl: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshCalled(Event):
    """Something asked of the guest's SSH server: `operation` is `connect`, `run`, `shell` or `sftp`.

    `text` is what the guest's shell ran, `place` is `user@host port N`; `status` is the exit status,
    None where there is none, and then `error` says why if that is a failure. `command` repeats it by
    hand, secrets masked.
    """

    operation: str
    place: str
    text: str
    seconds: float
    status: int | None = None
    error: str = ""
    command: str = ""


Called = ApiCalled | SshCalled
"""What goes into the log of calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFinished(Event):
    """A build ended after `seconds`; `error` says why where it did not succeed."""

    status: BuildStatus
    seconds: float
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFinished(Event):
    """All builds ended; `leftovers` counts the resources that still exist."""

    status: BuildStatus
    seconds: float
    leftovers: int = 0
