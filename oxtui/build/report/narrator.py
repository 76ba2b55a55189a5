"""A session in Packer's words: what is said of each event, for the plain log and the machine-readable one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oxtui.build.report.durations import duration, in_words
from oxtui.build.report.outcome import Outcomes
from oxtui.build.report.output import OutputFollower, Place
from oxtui.build.report.said import Fact, Said, SayingKind
from oxtui.component import debugger_events as d
from oxtui.component import events as e
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
    """

    def __init__(self, place: Place, builds: Sequence[str] = (), *, header: bool = False) -> None:
        self._output = OutputFollower(place)
        self._header = builds if header else ()
        self._outcomes = Outcomes(builds)
        self._steps: dict[tuple[str, str], e.StepPlan] = {}
        self._values: dict[tuple[str, str], e.PlanValue] = {}
        self._last: dict[tuple[str, str], str] = {}
        """What each step said last, so that nothing is told twice."""
        self._interrupted = False

    def close(self) -> None:
        """Closes all files."""
        self._output.close()

    def interrupted(self, signal: str, builds: Sequence[str], time: float) -> Iterator[Said]:
        """A signal asks the running builds to end: `interrupt`, `terminated` or `hangup`."""
        self._interrupted = True
        for build in builds:
            yield Said("say", f"Cancelling build after receiving {signal}", build, time)

    def heard(self, event: e.Event) -> Iterator[Said | Fact]:
        """What is said of an event."""
        yield from self._printed(event)
        match event:
            case e.SessionStarted():
                yield from self._begun(event)
            case e.BuildPlanned():
                yield from self._planned(event)
            case e.StepStarted():
                again = f" (attempt {event.attempt})" if event.attempt > 1 else ""
                yield from _lines(event, f"▶ {self._title(event.build, event.step)}{again}")
            case e.StepFinished():
                yield from self._finished(event)
            case e.Noted():
                self._outcomes.noted(event)
                told = event.text if event.level == "info" else f"{event.level}: {event.text}"
                yield from _lines(event, told, "error" if event.level == "error" else "say")
            case e.Paused() if told := self._paused(event):
                yield from _lines(event, told)
            case e.SecretAsked():
                why = f"{event.problem}. " if event.problem else ""
                yield from _lines(event, f"{why}Waiting for: {event.question}")
            case e.Resumed() if event.command != "resume":
                ends = event.command in ("abort", "keep")
                told = "ending the build" if ends else "going on"
                yield from _lines(event, f"{told}: {event.command.replace('_', ' ')}")
            case d.ProvisionerAdded():
                self._steps[event.build, event.plan.id] = event.plan
                yield from _lines(event, f"added: {self._title(event.build, event.plan.id)}")
            case e.ArtifactMade():
                yield from _lines(event, self._outcomes.made(event))
            case e.ResourceLeft():
                told = f"left: {event.kind} {event.name}; remove it with: {event.command}"
                yield from _lines(event, told)
            case e.BuildFinished():
                yield self._ended(event)
            case e.SessionFinished():
                yield from self._outcomes.summary(event, interrupted=self._interrupted)

    def _printed(self, event: e.Event) -> Iterator[Said]:
        for line in self._output.lines(event):
            if not isinstance(event, e.OutputGrown) or event.step == "serial":
                continue
            kind = _KINDS[line.stream]
            if line.stream is Stream.OURS:
                self._last[event.build, event.step] = line.text
                kind = "error" if line.text.startswith(_FAILED) else kind
            yield _line(event.build, line.text, kind, line.time)

    def _begun(self, event: e.SessionStarted) -> Iterator[Said]:
        where = f" on {event.host}" if event.host else ""
        kind = " (simulated rack)" if event.simulated else ""
        yield Said("say", plain(f"oxtui session {event.session}: {event.template}{where}{kind}"))
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

    def _paused(self, event: e.Paused) -> str:
        plan = self._steps.get((event.build, event.step))
        if event.reason == "breakpoint" and plan is not None and plan.breakpoint:
            note = f' with note "{event.note}"' if event.note else ""
            return f"Pausing at breakpoint provisioner{note}."
        if event.reason == "failure":
            return f'Step "{plan.title if plan else event.step}" failed'
        if event.reason == "step" and event.note:  # of -debug, whose question says it all
            return ""
        return f"⏸ stopped at {self._title(event.build, event.step)} ({event.reason})"

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


def _line(build: str, text: str, kind: SayingKind, time: float) -> Said:
    # A tab moves on and nothing more, so it stays one: who copies a table out of the log gets a table.
    safe = plain(text, expand=False)
    return Said(kind, f"==> {plain(build or 'oxtui')}: {safe}".rstrip(), build, time)
