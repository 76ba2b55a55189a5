"""`fold`: the state of a session, drawn from its events alone.

The Build screen, the plain log, Sessions and replay read this state, so a finished or crashed session
looks just as it did while it ran.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from oxtui.build.calls import CallState, with_call
from oxtui.component import events as e

BuildPhase = Literal["planned", "running", "paused", "succeeded", "failed", "cancelled", "kept"]
StepPhase = Literal["waiting", "running", "paused", "done", "failed", "skipped", "cancelled"]
ResourcePhase = Literal["intended", "created", "deleted", "left"]


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
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Options that the operator changed in this session."""


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
    secret: e.SecretAsked | None = None
    """What a running step asks the operator for."""
    instance: str = ""
    instance_state: str = ""
    address: e.AddressKnown | None = None
    artifacts: tuple[e.ArtifactMade, ...] = ()
    resources: dict[int, ResourceState] = field(default_factory=dict)
    notes: tuple[e.Noted, ...] = ()
    serial_lines: int = 0

    @property
    def artifact(self) -> e.ArtifactMade | None:
        """The first result: what the builder made, where that was not replaced."""
        return self.artifacts[0] if self.artifacts else None

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


KEPT_NOTES = 500
"""Notes beyond this number are read from the journal, not kept in the state."""


def fold(state: SessionState, event: e.Event) -> SessionState:
    """The state after `event`; the same events give the same state, whenever they are read."""
    match event:
        case e.SessionStarted():
            return replace(
                state,
                session=event.session,
                template=event.template,
                host=event.host,
                silo=event.silo,
                simulated=event.simulated,
                started=event.time,
            )
        case e.SessionFinished():
            return replace(state, finished=event)
        case e.ApiCalled() | e.SshCalled():
            return replace(state, calls=with_call(state.calls, event))
    if not event.build:
        return state
    build = state.builds.get(event.build, BuildState(event.build))
    return replace(state, builds={**state.builds, event.build: _fold_build(build, event)})


def _fold_build(build: BuildState, event: e.Event) -> BuildState:
    match event:
        case e.BuildPlanned():
            steps = {
                plan.id: build.steps[plan.id]
                if plan.id in build.steps
                else StepState(plan, breakpoint=plan.breakpoint)
                for plan in event.steps
            }
            return replace(build, steps=steps or build.steps, values=event.values or build.values)
        case e.InstanceStateChanged():
            return replace(build, instance=event.instance, instance_state=event.state)
        case e.AddressKnown():
            return replace(build, address=event)
        case e.ArtifactMade():
            return replace(build, artifacts=(*build.artifacts, event))
        case e.SecretAsked():
            return replace(build, secret=event)
        case e.SecretAnswered():
            return replace(build, secret=None)
        case e.Noted():
            return replace(build, notes=(*build.notes[-KEPT_NOTES:], event))
        case e.BuildFinished():
            return replace(
                build,
                phase=event.status,
                seconds=event.seconds,
                error=event.error,
                pause=None,
                secret=None,
            )
        case e.ResourceIntended() | e.ResourceCreated() | e.ResourceDeleted() | e.ResourceLeft():
            resource = _fold_resource(build.resources.get(event.resource), event)
            if resource.phase == "deleted" and resource.kind.rpartition(".")[2] == "instance":
                build = replace(build, instance_state="destroyed")
            return replace(build, resources={**build.resources, resource.number: resource})
    return _fold_step(build, event)


def _fold_resource(
    old: ResourceState | None,
    event: e.ResourceIntended | e.ResourceCreated | e.ResourceDeleted | e.ResourceLeft,
) -> ResourceState:
    state = old or ResourceState(event.resource, event.kind, event.name, "intended")
    match event:
        case e.ResourceCreated():
            return replace(state, phase="created", id=event.id)
        case e.ResourceDeleted():
            return replace(state, phase="deleted", reason="", command="")
        case e.ResourceLeft():
            return replace(state, phase="left", reason=event.reason, command=event.command)
    return state


def _fold_step(build: BuildState, event: e.Event) -> BuildState:
    if isinstance(event, e.OutputGrown) and event.step == "serial":
        return replace(build, serial_lines=event.lines)
    step = build.steps.get(getattr(event, "step", ""))
    if step is None:
        return build
    phase = build.phase
    pause = build.pause
    match event:
        case e.StepStarted():
            phase, pause = "running", None
            step = replace(
                step, phase="running", attempt=event.attempt, started=event.time,
                seconds=None, failure=None, progress=None,
            )  # fmt: skip
        case e.StepProgress():
            step = replace(step, progress=event)
        case e.StepFinished():
            step = replace(
                step, phase=event.status, seconds=event.seconds, failure=event.failure,
                progress=None,
            )  # fmt: skip
        case e.OutputGrown():
            step = replace(step, lines=event.lines, size=event.size)
        case e.Paused():
            phase, pause = "paused", event
            if step.phase == "waiting":
                step = replace(step, phase="paused")
        case e.Resumed():
            phase, pause = "running", None
            if step.phase == "paused":
                step = replace(step, phase="waiting")
        case e.BreakpointSet():
            step = replace(step, breakpoint=event.on)
        case e.StepEdited():
            step = replace(step, changes={**step.changes, **event.changes})
        case _:
            return build
    started = build.started if build.started is not None else event.time
    steps = {**build.steps, step.plan.id: step}
    return replace(build, steps=steps, phase=phase, pause=pause, started=started)
