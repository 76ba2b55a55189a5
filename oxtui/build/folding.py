"""`fold`: the state of a session, drawn from its events alone.

The Build screen, the plain log, Sessions and replay read this state, so a finished or crashed session
looks just as it did while it ran.
"""

from __future__ import annotations

from dataclasses import replace

from oxtui.build.calls import with_call
from oxtui.build.state import BuildPhase, BuildState, ResourceState, SessionState, StepState
from oxtui.component import debugger_events as d
from oxtui.component import events as e

ENDED: tuple[BuildPhase, ...] = ("succeeded", "failed", "cancelled", "kept", "cut_off")
KEPT_NOTES = 500
"""Notes beyond this number are read from the journal, not kept in the state."""

KEPT_COMMANDS = 500
"""Recorded commands beyond this number, likewise."""


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
        case d.SessionContinued():
            left = died(state).builds
            builds = {name: replace(build, pause=None) for name, build in left.items()}
            return replace(state, finished=None, builds=builds)
        case e.ApiCalled() | e.SshCalled():
            return replace(state, calls=with_call(state.calls, event))
    if not event.build:
        return state
    build = state.builds.get(event.build, BuildState(event.build))
    folded = _fold_build(build, event)
    if build.pause is not None and folded.pause is not build.pause:
        stood = build.stood + max(0.0, event.time - build.pause.time)
        folded = replace(folded, stood=stood)
    return replace(state, builds={**state.builds, event.build: folded})


CUT_OFF = "The session ended here without an end: its process was gone."
"""What is said of a session in that state."""


def died(state: SessionState) -> SessionState:
    """The state of a session whose process is gone: what it had not ended was cut off.

    The stop at which a build stood is still told, as nobody answered it.
    """
    return replace(
        state,
        builds={
            name: build
            if build.phase in ENDED
            else replace(
                build,
                steps={id_: _left(step) for id_, step in build.steps.items()},
                phase="cut_off", secret=None, pausing=False, beside=None,
            )
            for name, build in state.builds.items()
        },
    )  # fmt: skip


def _left(step: StepState) -> StepState:
    """A step of a build that has ended."""
    match step.phase:
        case "waiting" | "paused":
            return replace(step, phase="not_run")
        case "running":
            return replace(step, phase="cut_off", progress=None)
    return step


def _to_come(step: StepState) -> StepState:
    """A step of a build that goes on."""
    return replace(step, phase="waiting") if step.phase in ("not_run", "cut_off") else step


def _fold_build(build: BuildState, event: e.Event) -> BuildState:
    match event:
        case e.BuildPlanned():
            steps = {
                plan.id: build.steps[plan.id]
                if plan.id in build.steps
                else StepState(plan, breakpoint=plan.breakpoint)
                for plan in event.steps
            }
            if event.steps and build.phase in ENDED:  # the session is continued
                build = replace(build, phase="planned", error="", seconds=None, artifacts=())
                steps = {name: _to_come(step) for name, step in steps.items()}
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
        case d.BesideStarted():
            return replace(build, beside=event)
        case e.ChangesCollected():
            return replace(build, looks=(*build.looks, event))
        case e.BootTroubleSeen():
            return replace(build, troubles=(*build.troubles, event))
        case d.BuilderRemembered():
            return replace(build, memory=event.memory)
        case d.StopSet():
            return replace(build, stops=_with_stop(build.stops, event))
        case d.PauseAsked():
            return replace(build, pausing=event.on)
        case d.DeadlineMoved() if build.pause is not None:
            return replace(build, pause=replace(build.pause, until=event.until))
        case d.ProvisionerAdded():
            return replace(build, steps=_with_step(build, event), added=(*build.added, event))
        case d.CommandRecorded():
            return replace(build, recorded=(*build.recorded[-KEPT_COMMANDS:], event))
        case d.Rewound():
            return replace(build, steps=_rewound(build, event.to))
        case e.BuildFinished():
            return replace(
                build,
                steps={name: _left(step) for name, step in build.steps.items()},
                phase=event.status,
                seconds=event.seconds,
                error=event.error,
                pause=None,
                secret=None,
                pausing=False,
                beside=None,
            )
        case e.ResourceIntended() | e.ResourceCreated() | e.ResourceDeleted() | e.ResourceLeft():
            resource = _fold_resource(build.resources.get(event.resource), event)
            # A build may have other instances than its own for a while.
            own = any(each.id == build.instance != "" for each in build.resources.values())
            is_machine = (
                resource.id == build.instance
                if own
                else resource.kind.rpartition(".")[2] == "instance"
            )
            if resource.phase == "deleted" and is_machine:
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


def _with_stop(stops: tuple[d.StopSet, ...], event: d.StopSet) -> tuple[d.StopSet, ...]:
    """One stop for each kind and pattern."""
    others = tuple(
        stop for stop in stops if (stop.kind, stop.pattern) != (event.kind, event.pattern)
    )
    return (*others, event) if event.on else others


def _with_step(build: BuildState, event: d.ProvisionerAdded) -> dict[str, StepState]:
    """The steps with the new one behind the one that it follows."""
    new = {event.plan.id: StepState(event.plan)}
    if event.after not in build.steps:
        return {**new, **build.steps}
    steps = {}
    for name, step in build.steps.items():
        steps[name] = step
        if name == event.after:
            steps |= new
    return steps


def _rewound(build: BuildState, to: str) -> dict[str, StepState]:
    """That step and all behind it are to run, with what was changed of them.

    What was done there by hand went with the guest's disk, but for what the checkpoint holds already.
    """
    names = list(build.steps)
    place = names.index(to) if to in build.steps else len(names)
    taken = [
        s.checkpoint.time for n in names[:place] if (s := build.steps[n]).checkpoint is not None
    ]
    since = taken[-1] if taken else float("-inf")
    return {
        name: replace(
            step, phase="waiting", seconds=None, failure=None, reason="",
            by_hand=tuple(done for done in step.by_hand if done.time <= since),
        )
        if name in names[place:]
        else step
        for name, step in build.steps.items()
    }  # fmt: skip


def _fold_step(build: BuildState, event: e.Event) -> BuildState:
    if isinstance(event, e.OutputGrown) and event.step == "serial":
        return replace(build, serial_lines=event.lines)
    step = build.steps.get(getattr(event, "step", ""))
    if step is None:
        return build
    phase = build.phase
    pause = build.pause
    pausing = build.pausing
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
            phase, pause, pausing = "paused", event, False
            if step.phase == "waiting":
                step = replace(step, phase="paused")
        case e.Resumed():
            phase, pause = "running", None
            if step.phase == "paused":
                step = replace(step, phase="waiting")
        case e.BreakpointSet(when="after"):
            step = replace(step, break_after=event.on)
        case e.BreakpointSet():
            step = replace(step, breakpoint=event.on)
        case d.StepReused():
            step = replace(step, phase="reused", seconds=event.seconds, reason=event.reason)
        case d.StepMissed():
            step = replace(step, reason=event.reason)
        case d.CheckpointTaken():
            step = replace(step, checkpoint=event)
        case d.BesideFinished():
            build = replace(build, beside=None)
            step = replace(step, progress=None)
        case d.CommandRan() | d.FileUploaded() | d.StepMarkedDone():
            step = replace(step, by_hand=(*step.by_hand, event))
        case e.StepEdited():
            step = replace(step, changes={**step.changes, **event.changes}, edit=event)
        case _:
            return build
    started = build.started if build.started is not None else event.time
    steps = {**build.steps, step.plan.id: step}
    return replace(build, steps=steps, phase=phase, pause=pause, pausing=pausing, started=started)
