"""The state of a session, as `oxtui.build.folding` draws it from its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from oxtui.build.calls import CallState
from oxtui.component import debugger_events as d
from oxtui.component import events as e

BuildPhase = Literal[
    "planned", "running", "paused", "succeeded", "failed", "cancelled", "kept", "cut_off"
]
"""`cut_off`: its process ended before it did."""
StepPhase = Literal[
    "waiting", "running", "paused", "done", "failed", "skipped", "cancelled", "reused", "cut_off",
    "not_run",
]  # fmt: skip
"""`waiting` is still to come; `not_run` did not come before the build ended."""
ResourcePhase = Literal["intended", "created", "deleted", "left"]


ByHand = d.CommandRan | d.FileUploaded | d.StepMarkedDone


@dataclass(frozen=True, slots=True)
class StepState:
    """One step: its plan and how it stands; times in Unix seconds, `seconds` of the last attempt."""

    plan: e.StepPlan
    phase: StepPhase = "waiting"
    attempt: int = 0
    started: float | None = None
    seconds: float | None = None
    progress: e.StepProgress | None = None
    failure: e.Failure | None = None
    lines: int = 0
    size: int = 0
    breakpoint: bool = False
    break_after: bool = False
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Options that the operator changed in this session."""
    edit: e.StepEdited | None = None
    """The last change of them, with the step's text before the first and after the last."""
    reason: str = ""
    """Why it was reused, or why it runs although a cache was asked."""
    checkpoint: d.CheckpointTaken | None = None
    """The guest's disk as it was behind this step."""
    by_hand: tuple[ByHand, ...] = ()
    """What the operator did while the build stood here."""


@dataclass(frozen=True, slots=True)
class ResourceState:
    """Something the build made (or meant to), with the command that removes what was left."""

    number: int
    kind: str
    name: str
    phase: ResourcePhase
    id: str = ""
    reason: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class BuildState:
    """One build of a session."""

    name: str
    phase: BuildPhase = "planned"
    steps: dict[str, StepState] = field(default_factory=dict)
    values: tuple[e.PlanValue, ...] = ()
    started: float | None = None
    seconds: float | None = None
    error: str = ""
    pause: e.Paused | None = None
    stood: float = 0.0
    """Seconds of the stops that are over, while which nothing ran."""
    secret: e.SecretAsked | None = None
    """What a running step asks the operator for."""
    instance: str = ""
    instance_state: str = ""
    address: e.AddressKnown | None = None
    artifacts: tuple[e.ArtifactMade, ...] = ()
    resources: dict[int, ResourceState] = field(default_factory=dict)
    notes: tuple[e.Noted, ...] = ()
    serial_lines: int = 0
    beside: d.BesideStarted | None = None
    """What is done just now while the build stands still."""
    troubles: tuple[e.BootTroubleSeen, ...] = ()
    """What the serial console tells of a boot that fails."""
    looks: tuple[e.ChangesCollected, ...] = ()
    """When the guest was looked at for what changed, and what came of it."""
    stops: tuple[d.StopSet, ...] = ()
    """What it stops for beside breakpoints."""
    pausing: bool = False
    """The operator asked it to stop, and it has not come to a safe point yet."""
    added: tuple[d.ProvisionerAdded, ...] = ()
    """Provisioners that the operator put into this session."""
    recorded: tuple[d.CommandRecorded, ...] = ()
    """Commands that the operator typed in shells whose recording was on; the latest of them."""
    memory: Mapping[str, Any] = field(default_factory=dict)
    """What the builder has to know to go on in another process."""

    @property
    def artifact(self) -> e.ArtifactMade | None:
        """The first result: what the builder made, where that was not replaced."""
        return self.artifacts[0] if self.artifacts else None

    @property
    def changes(self) -> e.ChangesCollected | None:
        """What the last look at the provisioned guest told, if there was one."""
        return next((look for look in reversed(self.looks) if look.moment == "after"), None)

    @property
    def current(self) -> StepState | None:
        """The step that runs or that the build waits at."""
        active = [s for s in self.steps.values() if s.phase in ("running", "paused")]
        return active[-1] if active else None


@dataclass(frozen=True, slots=True)
class SessionState:
    """A whole session."""

    session: str = ""
    template: str = ""
    host: str = ""
    silo: str = ""
    simulated: bool = False
    started: float | None = None
    finished: e.SessionFinished | None = None
    builds: dict[str, BuildState] = field(default_factory=dict)
    calls: tuple[CallState, ...] = ()
