"""Why a build stops at a step: what was set for it, against what happens in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.build.output_watch import Match, OutputWatch
from oxtui.build.stops import Breakpoint, StopError, Stopping, Stops, found_steps
from oxtui.component.debugger_events import ScriptExited, StopKind, StopSet
from oxtui.component.events import (
    BreakpointPlace,
    BreakpointSet,
    Event,
    Noted,
    OutputGrown,
    PauseReason,
    StepPlan,
    StepStarted,
)

if TYPE_CHECKING:
    from oxtui.build.resume.choices import Choices
    from oxtui.build.state import BuildState

BEHIND: tuple[PauseReason, ...] = ("output", "exit", "after")
"""Reasons for a stop behind a step; the first that holds is told."""


class StopReasons:
    """The stops of one build, and what of them a step has met.

    Args:
        build: its name.
        stopping: the stops that were asked for before it runs.
        error: it stops at failures even if that was not asked for.
        emit: takes the events.
        now: the clock, in Unix seconds.
        spool: the file of a step's output, if there is any yet.
    """

    def __init__(
        self,
        build: str,
        stopping: Stopping,
        error: bool,
        emit: Callable[[Event], None],
        now: Callable[[], float],
        spool: Callable[[str], Path | None],
    ) -> None:
        self.stops = Stops(error=error)
        self.steps: dict[str, StepPlan] = {}
        self._build = build
        self._stopping = stopping
        self._emit = emit
        self._now = now
        self._dropped: list[StopSet | BreakpointSet] = []
        """Stops of a session that is continued, which count no more."""
        self._watch = OutputWatch(spool, self.stops.patterns, self._matched)
        self._exit: tuple[str, int] | None = None
        """A script of the running step, and its status, which the build stops for."""

    def planned(self, steps: Sequence[StepPlan]) -> frozenset[str]:
        """The steps are known: which of the names to stop at are among them."""
        self.steps = {step.id: step for step in steps}
        found = set()
        for when, name in self._stopping.steps:
            for step in found_steps(steps, name):
                self.stops.set_breakpoint(step.id, when, on=True)
                found.add(name)
        for when, id_ in self._stopping.marked.get(self._build, ()):
            if id_ in self.steps:
                self.stops.set_breakpoint(id_, when, on=True)
        return frozenset(found)

    def continued(self, was: BuildState, choices: Choices) -> None:
        """The session goes on: it stops where it did, unless that is not wanted or a step is another by now.

        What it no longer stops for is told when it begins, as its readers take it for set.
        """
        for id_, old in was.steps.items():
            if old.plan.breakpoint and not old.breakpoint:  # the operator took it away
                self.stops.before.pop(id_, None)
            places: list[tuple[BreakpointPlace, bool]] = [
                ("before", old.breakpoint and not old.plan.breakpoint), ("after", old.break_after),
            ]  # fmt: skip
            for when in [when for when, on in places if on]:
                if choices.stops and self.steps.get(id_) == old.plan:
                    self.stops.set_breakpoint(id_, when, on=True)
                elif id_ in self.steps:
                    gone = BreakpointSet(time=0.0, build=self._build, step=id_, on=False, when=when)
                    self._dropped.append(gone)
        for stop in was.stops:
            if not (choices.stops and (choices.error or stop.kind != "error")):
                self._dropped.append(replace(stop, on=False))
                continue
            with suppress(StopError):  # a pattern that another version took
                self.stops.set(stop.kind, stop.pattern, on=True)

    def begin(self) -> None:
        """The build begins: its stops are told, but for breakpoints of the template, which the plan tells."""
        stopping, stops = self._stopping, self.stops
        for event in self._dropped:
            self._emit(replace(event, time=self._now()))
        for step in [step for step, each in stops.before.items() if each.asked]:
            self.set_breakpoint(step, "before", on=True)
        for step in sorted(stops.after):
            self.set_breakpoint(step, "after", on=True)
        if stops.error or stopping.error:
            self.set("error", "", on=True)
        if stops.cleanup or stopping.cleanup:
            self.set("cleanup", "", on=True)
        for pattern in dict.fromkeys((*stops.patterns, *stopping.outputs)):
            self.set("output", pattern, on=True)
        for statuses in dict.fromkeys((*stops.statuses, *stopping.exits)):
            self.set("exit", statuses, on=True)

    def of_template(self, step: str, note: str) -> None:
        """The template wants it to stop before a step; `note` says why."""
        self.stops.before[step] = Breakpoint(note, asked=False)

    def set_breakpoint(self, step: str, when: BreakpointPlace, *, on: bool) -> None:
        """Before or after a step, or no longer."""
        self.stops.set_breakpoint(step, when, on=on)
        self._emit(BreakpointSet(time=self._now(), build=self._build, step=step, on=on, when=when))

    def set(self, kind: StopKind, pattern: str, *, on: bool) -> None:
        """Another stop, or one less; a pattern that is wrong is told so."""
        now, build = self._now(), self._build
        try:
            changed = self.stops.set(kind, pattern, on=on)
        except StopError as error:
            self._emit(Noted(time=now, build=build, text=f"{error}.", level="warning"))
            return
        if kind == "output":
            self._watch.changed()
        for each in changed:
            self._emit(StopSet(time=now, build=build, kind=kind, on=on, pattern=each))

    def heard(self, event: Event) -> None:
        """An event of the build: what it prints and how its scripts end may be what it stops for."""
        match event:
            case StepStarted():
                self._exit = None
                self._watch.begin(event.step)
            case OutputGrown():
                self._watch.grown(event.step)
            case ScriptExited() if self._exit is None and self.stops.exit(event.status):
                self._exit = (event.script, event.status)

    async def behind(self, step: StepPlan) -> tuple[PauseReason | None, str]:
        """Why the build stops behind a step that is over, and what of it to say."""
        notes: dict[PauseReason, str] = {}
        if (match := await self._watch.end(step.id)) is not None:
            notes["output"] = str(match)
        if self._exit is not None and self.stops.exit(self._exit[1]):
            notes["exit"] = "{} ended with exit status {}".format(*self._exit)
        if step.id in self.stops.after:
            notes["after"] = ""
        reason = next((each for each in BEHIND if each in notes), None)
        return reason, "; ".join(filter(None, notes.values()))

    def _matched(self, step: str, match: Match) -> None:
        text = f"The build stops behind this step: {match}"
        self._emit(Noted(time=self._now(), build=self._build, step=step, text=text))
