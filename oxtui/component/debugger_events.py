"""Events of the debugger: what an operator did beside the steps, and where a build went on from.

They are events like those in `events`; a session that nobody steers has none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from oxtui.component.events import Event, StepPlan

StopKind = Literal["error", "cleanup", "output", "exit"]
"""What a build stops for beside breakpoints: a failure, the clean-up, a line that matches, an exit status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionContinued(Event):
    """A session whose process had ended goes on, in another process."""

    pid: int
    session: str = ""
    """Its number; journals of older versions have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderRemembered(Event):
    """What the builder has to know to go on in another process; no secrets are in it."""

    memory: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReused(Event):
    """A step does not run, as what it does is there already; `reason` says from where, as a sentence."""

    step: str
    reason: str
    seconds: float = 0.0
    """How long it took when it ran."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMissed(Event):
    """A step runs although a cache was asked; `reason` says why, as a sentence."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopSet(Event):
    """The build stops for that from now on, or (`on` is false) no longer.

    `pattern` is a regular expression of the lines of output, or a list of exit statuses.
    """

    kind: StopKind
    on: bool
    pattern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAsked(Event):
    """The operator wants the build to stop at its next safe point, or (`on` is false) no longer."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMoved(Event):
    """A stopped build ends by itself at another time (Unix seconds); None: not while somebody is at work in it."""

    step: str
    until: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptExited(Event):
    """A script of a step ended by itself with that exit status, which may be one that the template accepts."""

    step: str
    script: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideStarted(Event):
    """While the build stands at `step` something is done that does not end the stop.

    `kind` is the name of the command that asked for it, `text` what it is about, in a few words.
    """

    step: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideFinished(Event):
    """That is over; `problem` says as a sentence why it did not do what was asked, if it did not."""

    step: str
    kind: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRan(Event):
    """The operator had a command run in the guest while the build stood at `step`; its output is in that log."""

    step: str
    command: str
    status: int | None
    """None: it did not end by itself."""
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUploaded(Event):
    """The operator sent a file of this machine to the guest while the build stood at `step`."""

    step: str
    source: str
    destination: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMarkedDone(Event):
    """The operator did the step's work by hand; `StepFinished` follows."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionerAdded(Event):
    """The operator put a provisioner into this session, behind the step `after` (empty: before all)."""

    after: str
    plan: StepPlan
    type_name: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRecorded(Event):
    """A command that the operator typed in a shell whose recording is on, as its history has it."""

    step: str
    """Where the build stood; empty where it did not."""
    command: str
    status: int | None
    """None: the shell did not tell."""
    directory: str
    """In which it ran."""
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointTaken(Event):
    """The disk of the guest, as it was behind `step`, is kept as a snapshot."""

    step: str
    checkpoint: str
    """Its key: the content of all that led to it."""
    name: str
    """Of the snapshot."""
    id: str
    size: int
    """Bytes of the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointUsed(Event):
    """The instance is started from the checkpoint that was taken behind `step`."""

    step: str
    checkpoint: str
    name: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewound(Event):
    """The build goes back: the step `to` and all behind it are still to run."""

    to: str
