"""A session in Packer's words: what is said of each event, for the plain log and the machine-readable one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from oxtui.build.changes.told import summary
from oxtui.build.folding import CUT_OFF
from oxtui.build.report.durations import duration, in_words
from oxtui.build.report.outcome import Outcomes
from oxtui.build.report.output import OutputFollower, Place
from oxtui.build.report.said import Fact, Said, SayingKind
from oxtui.build.report.stops import paused, stops_told, waiting
from oxtui.build.state import SessionState
from oxtui.component import debugger_events as d
from oxtui.component import events as e
from oxtui.component.resources import title_of
from oxtui.logs.index import Stream
from oxtui.logs.sanitise import plain

_KINDS: dict[Stream, SayingKind] = {
    Stream.STDOUT: "message",
    Stream.STDERR: "error",
    Stream.OURS: "say",
}

_FAILED = "Failed: "
"""How the engine begins the line about a step's failure, behind what the step has printed."""


class Narrator:
    """Tells a session.

    Args:
        place: gives the output file of a build's step.
        builds: names of the builds, where they are known, in the order of their colours.
        header: whether each build says first which colour it has.
        goes_on: whether another process can go on with the session that has just ended.
    """

    def __init__(
        self,
        place: Place,
        builds: Sequence[str] = (),
        *,
        header: bool = False,
        goes_on: Callable[[], bool] = lambda: False,
    ) -> None:
        self._goes_on = goes_on
        self._output = OutputFollower(place)
        self._header = builds if header else ()
        self._outcomes = Outcomes(builds)
        self._steps: dict[tuple[str, str], e.StepPlan] = {}
        self._values: dict[tuple[str, str], e.PlanValue] = {}
        self._last: dict[tuple[str, str], str] = {}
        """What each step said last, so that nothing is told twice."""
        self._interrupted = False
        self._session = ""
        self._begun: set[str] = set()
        self._reachable: set[str] = set()

    def close(self) -> None:
        """Closes all files."""
        self._output.close()

    def joined(self, state: SessionState) -> None:
        """Joins a session on its way: what was before is not told."""
        self._session = state.session
        for build in state.builds.values():
            self._begun.add(build.name)
            if build.address is not None:
                self._reachable.add(build.name)
            for step in build.steps.values():
                self._steps[build.name, step.plan.id] = step.plan
                self._output.pass_over(build.name, step.plan.id)
            self._values |= {(build.name, value.name): value for value in build.values}

    def interrupted(self, signal: str, builds: Sequence[str], time: float) -> Iterator[Said]:
        """A signal asks the running builds to end: `interrupt`, `terminated` or `hangup`."""
        self._interrupted = True
        for build in builds:
            yield Said("say", f"Cancelling build after receiving {signal}", build, time)

    def cut_off(self, state: SessionState) -> Iterator[Said]:
        """What was told was all: the session has no end."""
        for build in state.builds.values():
            if build.phase == "cut_off":
                for step in build.steps.values():
                    if step.phase == "cut_off":
                        title = self._title(build.name, step.plan.id)
                        yield _line(build.name, f"✗ {title} cut off", "error", None)
                yield _line(build.name, CUT_OFF, "error", None)

    def heard(self, event: e.Event) -> Iterator[Said | Fact]:
        """What is said of an event."""
        yield from self._printed(event)
        match event:
            case e.SessionStarted():
                self._session = event.session
                yield from self._starts(event)
            case d.SessionContinued():
                self._session = event.session or self._session
                yield Said("say", "oxtui goes on with the session")
                yield from self._colors()
            case e.BuildPlanned():
                yield from self._planned(event)
            case e.StepStarted():
                self._begun.add(event.build)
                again = f" (attempt {event.attempt})" if event.attempt > 1 else ""
                yield from _lines(event, f"▶ {self._title(event.build, event.step)}{again}")
            case e.StepFinished():
                yield from self._finished(event)
            case d.StepReused():
                yield from _lines(
                    event, f"· {self._title(event.build, event.step)} reused: {event.reason}"
                )
            case d.StepMissed():
                yield from _lines(
                    event, f"· {self._title(event.build, event.step)} runs: {event.reason}"
                )
            case e.Noted():
                self._outcomes.noted(event)
                told = event.text if event.level == "info" else f"{event.level}: {event.text}"
                yield from _lines(event, told, "error" if event.level == "error" else "say")
            case e.ChangesCollected(moment="after"):
                where = (
                    f"; `oxtui sessions changes {self._session}` tells more" if event.counts else ""
                )
                yield from _lines(event, f"changed in the guest: {summary(event)}{where}")
            case e.BootTroubleSeen():
                told = f"{'error' if event.fatal else 'warning'}: {event.text}"
                yield from _lines(event, told, "error" if event.fatal else "say")
            case e.Paused():
                plan = self._steps.get((event.build, event.step))
                for told in filter(None, (paused(event, plan), self._waiting(event))):
                    yield from _lines(event, told)
            case e.SecretAsked():
                why = f"{event.problem}. " if event.problem else ""
                yield from _lines(event, f"{why}Waiting for: {event.question}")
            case e.Resumed() if event.command != "resume":
                ends = event.command in ("abort", "keep")
                told = "ending the build" if ends else "going on"
                yield from _lines(event, f"{told}: {event.command.replace('_', ' ')}")
            case e.AddressKnown():
                self._reachable.add(event.build)
            case e.BreakpointSet():
                for told in stops_told(event, self._title(event.build, event.step)):
                    yield from _lines(event, told)
            case d.StopSet(kind="error", on=True) if event.build not in self._begun:
                pass  # what -on-error=ask asked for
            case d.StopSet() | d.PauseAsked() | d.DeadlineMoved():
                for told in stops_told(event, ""):
                    yield from _lines(event, told)
            case d.StepMarkedDone():
                title = self._title(event.build, event.step)
                yield from _lines(event, f"{title} was done by hand")
            case d.ProvisionerAdded():
                self._steps[event.build, event.plan.id] = event.plan
                yield from _lines(event, f"added: {self._title(event.build, event.plan.id)}")
            case e.ArtifactMade():
                yield from _lines(event, self._outcomes.made(event))
            case e.ResourceLeft():
                told = f"left: {title_of(event.kind)} {event.name}; remove it with: {event.command}"
                yield from _lines(event, told)
            case e.BuildFinished():
                yield self._ended(event)
            case e.SessionFinished():
                resume = self._session if self._goes_on() else ""
                yield from self._outcomes.summary(
                    event, interrupted=self._interrupted, resume=resume
                )

    def _printed(self, event: e.Event) -> Iterator[Said]:
        for line in self._output.lines(event):
            if not isinstance(event, e.OutputGrown) or event.step == "serial":
                continue
            kind = _KINDS[line.stream]
            if line.stream is Stream.OURS:
                self._last[event.build, event.step] = line.text
                kind = "error" if line.text.startswith(_FAILED) else kind
            yield _line(event.build, line.text, kind, line.time)

    def _starts(self, event: e.SessionStarted) -> Iterator[Said]:
        where = f" on {event.host}" if event.host else ""
        kind = " (simulated rack)" if event.simulated else ""
        yield Said("say", plain(f"oxtui session {event.session}: {event.template}{where}{kind}"))
        yield from self._colors()

    def _colors(self) -> Iterator[Said]:
        for build in self._header:
            yield Said("say", plain(f"{build}: output will be in this color."), build)
        if self._header:
            yield Said("say", "")

    def _planned(self, event: e.BuildPlanned) -> Iterator[Said]:
        for plan in event.steps:
            self._steps[event.build, plan.id] = plan
        for value in event.values:
            if value.value and self._values.get((event.build, value.name)) != value:
                self._values[event.build, value.name] = value
                yield from _lines(event, f"{value.name} = {value.value}  ({value.source})")

    def _finished(self, event: e.StepFinished) -> Iterator[Said]:
        title = self._title(event.build, event.step)
        glyph = {"done": "✓", "failed": "✗"}.get(event.status, "·")
        took = f" after {duration(event.seconds)}" if event.seconds else ""
        failure = event.failure
        failed = event.status == "failed"
        kind: SayingKind = "error" if failed else "message"
        yield from _lines(event, f"{glyph} {title} {event.status}{took}", kind)
        if failure is None or not failed:
            return
        plan = self._steps.get((event.build, event.step))
        self._outcomes.failed(event.build, plan.title if plan else event.step, failure.summary)
        if failure.summary not in self._last.get((event.build, event.step), ""):
            yield from _lines(event, failure.summary, "error")
        if failure.meaning:
            yield from _lines(
                event, f"exit status {failure.exit_status}: {failure.meaning}", "error"
            )
        if failure.line is not None:
            told = {"bash": "bash told", "message": "the shell's message told"}[failure.line_source]
            where = f"{failure.script} line {failure.line} ({told}): {failure.line_text}"
            yield from _lines(event, where, "error")
        if failure.request_id and failure.request_id not in failure.summary:
            yield from _lines(event, f"request id {failure.request_id}", "error")

    def _waiting(self, event: e.Paused) -> str:
        return waiting(event, self._session, shell=event.build in self._reachable)

    def _ended(self, event: e.BuildFinished) -> Said:
        error = self._outcomes.ended(event, interrupted=self._interrupted)
        took = in_words(event.seconds)
        name = f"Build '{event.build}'"
        if event.status == "succeeded":
            return Said("say", plain(f"{name} finished after {took}."), event.build, event.time)
        if not error:
            return Said("say", plain(f"{name} cancelled after {took}."), event.build, event.time)
        told = plain(f"{name} errored after {took}: {error}")
        return Said("error", told, event.build, event.time)

    def _title(self, build: str, step: str) -> str:
        plan = self._steps.get((build, step))
        return f"{plan.title} {plan.detail}".rstrip() if plan else step


def _lines(event: e.Event, text: str, kind: SayingKind = "say") -> Iterator[Said]:
    for part in text.splitlines() or [""]:
        yield _line(event.build, part, kind, event.time)


def _line(build: str, text: str, kind: SayingKind, time: float | None) -> Said:
    # A tab moves on and nothing more, so it stays one: who copies a table out of the log gets a table.
    safe = plain(text, expand=False)
    return Said(kind, f"==> {plain(build or 'oxtui')}: {safe}".rstrip(), build, time)
