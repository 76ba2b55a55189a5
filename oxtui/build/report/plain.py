"""A session as plain text: everything that the Build screen shows, appended line by line.

It is the way to follow a build for CI logs and for screen readers: no cursor moves, colour only where asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from oxtui.build.report.output import OutputFollower, Place
from oxtui.component import events as e
from oxtui.logs.index import Stream
from oxtui.logs.sanitise import plain

RED, YELLOW, GREEN, BOLD = "31", "33", "32", "1"


def duration(seconds: float) -> str:
    """`0.4s`, `12.0s`, `2m41s`."""
    if seconds < 60:
        return f"{seconds:.1f}s"
    return f"{int(seconds // 60)}m{int(seconds % 60):02d}s"


def _artifact(event: e.ArtifactMade) -> str:
    if event.files or not event.name:
        return event.text
    fields = ", ".join(f"{name} {value}" for name, value in event.fields)
    return f"image {event.name} ({event.id}): {fields}"


class PlainLog:
    """Writes lines of the form `==> BUILD: text`, as Packer's users know them."""

    def __init__(self, place: Place, write: Callable[[str], None], *, color: bool = False) -> None:
        self._output = OutputFollower(place)
        self._write = write
        self._color = color
        self._steps: dict[tuple[str, str], e.StepPlan] = {}
        self._values: dict[tuple[str, str], e.PlanValue] = {}

    def __call__(self, event: e.Event) -> None:
        """Takes an event of the session."""
        for line in self._output.lines(event):
            if isinstance(event, e.OutputGrown) and event.step != "serial":
                color = RED if line.stream is Stream.STDERR else ""
                self._line(event, plain(line.text), color)
        match event:
            case e.SessionStarted():
                where = f" on {event.host}" if event.host else ""
                kind = " (simulated rack)" if event.simulated else ""
                self._write(plain(f"oxtui session {event.session}: {event.template}{where}{kind}"))
            case e.BuildPlanned():
                self._planned(event)
            case e.StepStarted():
                again = f" (attempt {event.attempt})" if event.attempt > 1 else ""
                self._line(event, f"▶ {self._title(event.build, event.step)}{again}", BOLD)
            case e.StepFinished():
                self._finished(event)
            case e.Noted():
                color = {"warning": YELLOW, "error": RED}.get(event.level, "")
                self._line(event, f"{event.level}: {event.text}", color)
            case e.Paused():
                title = self._title(event.build, event.step)
                note = f": {event.note}" if event.note else ""
                self._line(event, f"⏸ stopped at {title} ({event.reason}){note}", YELLOW)
            case e.Resumed():
                self._line(event, f"going on: {event.command.replace('_', ' ')}")
            case e.ArtifactMade():
                self._line(event, _artifact(event), GREEN)
            case e.ResourceLeft():
                self._line(
                    event,
                    f"left: {event.kind} {event.name}; remove it with: {event.command}",
                    YELLOW,
                )
            case e.BuildFinished():
                color = GREEN if event.status == "succeeded" else RED
                why = f": {event.error}" if event.error else ""
                self._line(event, f"{event.status} after {duration(event.seconds)}{why}", color)
            case e.SessionFinished() if event.leftovers:
                self._write(
                    f"{event.leftovers} resources are left; `oxtui sweep` lists and removes them"
                )

    def close(self) -> None:
        """Closes all files."""
        self._output.close()

    def _planned(self, event: e.BuildPlanned) -> None:
        for plan in event.steps:
            self._steps[event.build, plan.id] = plan
        for value in event.values:
            if value.value and self._values.get((event.build, value.name)) != value:
                self._values[event.build, value.name] = value
                self._line(event, f"{value.name} = {value.value}  ({value.source})")

    def _finished(self, event: e.StepFinished) -> None:
        title = self._title(event.build, event.step)
        glyph, color = {"done": ("✓", GREEN), "failed": ("✗", RED)}.get(event.status, ("·", YELLOW))
        took = f" after {duration(event.seconds)}" if event.seconds else ""
        self._line(event, f"{glyph} {title} {event.status}{took}", color)
        failure = event.failure
        if failure is None or event.status != "failed":
            return
        self._line(event, failure.summary, RED)
        if failure.meaning:
            self._line(event, f"exit status {failure.exit_status}: {failure.meaning}", RED)
        if failure.line is not None:
            told = {"bash": "bash told", "message": "the shell's message told"}[failure.line_source]
            self._line(
                event, f"{failure.script} line {failure.line} ({told}): {failure.line_text}", RED
            )
        if failure.request_id and failure.request_id not in failure.summary:
            self._line(event, f"request id {failure.request_id}", RED)

    def _title(self, build: str, step: str) -> str:
        plan = self._steps.get((build, step))
        return f"{plan.title} {plan.detail}".rstrip() if plan else step

    def _line(self, event: e.Event, text: str, color: str = "") -> None:
        for part in text.splitlines() or [""]:
            whole = f"==> {event.build or 'oxtui'}: {plain(part)}"
            self._write(f"\x1b[{color}m{whole}\x1b[0m" if color and self._color else whole)
