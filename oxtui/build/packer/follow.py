"""One build that packer runs, as the events of a build that oxtui runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from oxtui.build.output import BuildOutput
from oxtui.build.packer import recognise
from oxtui.build.packer.course import Course, planned_steps
from oxtui.build.packer.lines import Told, progress
from oxtui.build.packer.outline import OutlinedBuild
from oxtui.component.commands import Abort, Command, Resume, Retry, command_name
from oxtui.component.events import (
    ArtifactMade,
    BuildFinished,
    BuildPlanned,
    BuildStatus,
    Event,
    Failure,
    Level,
    Noted,
    Paused,
    PauseReason,
    Resumed,
    StepFinished,
    StepProgress,
    StepStarted,
    StepStatus,
)

LAST_LINES = 5
_CHOICES: dict[PauseReason, tuple[type[Command], ...]] = {
    "breakpoint": (Resume, Abort),
    "failure": (Retry, Abort),
}
_RETRIED = (
    "Packer runs all provisioners again, from the first one, and reports the build as failed even if they "
    "succeed now."
)
_STILL_FAILED = "Every provisioner has succeeded now. Packer keeps the earlier error and reports the build as failed."


@dataclass(slots=True)
class BuildFollower:
    """Tells of one build. `emit` takes the events, `output` the lines, `now` is the clock."""

    outline: OutlinedBuild
    emit: Callable[[Event], None]
    output: BuildOutput
    now: Callable[[], float]
    status: BuildStatus | None = None
    """Once it has ended."""
    asked: PauseReason | None = None
    """What packer waits for at its prompt."""
    interrupted: bool = False
    """Packer was asked to end: what fails from now on has been cut off."""
    _course: Course = field(init=False)
    _began: float = 0.0
    _step: str = ""
    _step_began: float = 0.0
    _open: bool = False
    """The step runs: its end is not told yet."""
    _failed: tuple[str, float, bool] | None = None
    """The step that failed, its seconds and whether it was cut off, while packer cleans up before it says why."""
    _attempts: dict[str, int] = field(default_factory=dict)
    _unwritten: bytearray = field(default_factory=bytearray)
    """Lines of the step: a write for each of them would be most of the work."""
    _last: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    _note: str = ""
    _retried: bool = False
    """The provisioners run again after a failure, and none of them has failed since."""

    def __post_init__(self) -> None:
        self._course = Course(self.outline)

    @property
    def name(self) -> str:
        """Of the build."""
        return self.outline.name

    def begin(self) -> None:
        """Tells the steps, and that the first one runs."""
        self._began = self.now()
        self.emit(
            BuildPlanned(time=self._began, build=self.name, steps=planned_steps(self.outline))
        )
        self._enter("prepare")

    def say(self, text: str) -> None:
        """A line of our own in the log of the step that runs."""
        self.flush()
        self.output.say(self._step, text)

    def note(self, text: str, level: Level = "warning") -> None:
        """A sentence for the operator."""
        self.emit(Noted(time=self.now(), build=self.name, step=self._step, text=text, level=level))

    def line(self, told: Told) -> None:
        """A line of packer about this build, or about none."""
        if self.status is not None:
            return
        if (bar := progress(told.text)) is not None:
            self._progress(bar.what, bar.done, bar.total)
            return
        if told.said:
            if (error := recognise.retries(told.text)) is not None:
                self._again(error, told.text)
                return
            self._heed(told.text)
        self._unwritten += told.text.encode() + b"\n"
        if told.text:
            self._last.append(told.text)

    def flush(self) -> None:
        """Writes the lines that have come."""
        if self._unwritten:
            self.output.write(self._step, "stdout", bytes(self._unwritten))
            self._unwritten.clear()

    def _progress(self, what: str, done: float, total: float) -> None:
        self.emit(
            StepProgress(
                time=self.now(), build=self.name, step=self._step, text=what, done=done, total=total
            )
        )

    def _again(self, error: str, text: str) -> None:
        """Packer tries the provisioner that failed once more."""
        self._unwritten += text.encode() + b"\n"
        self._close("failed", Failure(summary=error, last_lines=tuple(self._last)))
        self._enter(self._step)
        self._course.again()

    def _heed(self, text: str) -> None:
        self._note = recognise.breakpoint_note(text) or self._note
        step = self._course.step(text)
        if step is None or step == self._step:
            return
        self.flush()
        if step == "cleanup" and self._retried:
            self.note(_STILL_FAILED)
        elif step == "cleanup" and self._course.failing and self._open:
            self._failed = self._step, self.now() - self._step_began, self.interrupted
            self._open = False
            self.output.end(self._step)
        self._close("done")
        self._pass_over(self._course.passed)
        self._enter(step)

    def _pass_over(self, steps: list[str]) -> None:
        """Steps that must be behind us, as packer has begun a later one."""
        for step in steps:
            # Packer runs all provisioners in their order, and ends at the first that fails.
            ran = step.startswith("provision-")
            if ran or step == "capture":
                known = "it has gone on behind it" if ran else "whether it took it is not known"
                self.output.say(step, f"Packer said nothing of this step; {known}.")
            self._finished(step, "done" if ran else "skipped", 0.0, None)

    def _enter(self, step: str) -> None:
        self._step, self._step_began, self._open = step, self.now(), True
        self._last.clear()
        attempt = self._attempts[step] = self._attempts.get(step, 0) + 1
        self.emit(StepStarted(time=self._step_began, build=self.name, step=step, attempt=attempt))

    def _close(self, status: StepStatus, failure: Failure | None = None) -> None:
        self.flush()
        if self._open:
            self._open = False
            self._finished(self._step, status, self.now() - self._step_began, failure)

    def _finished(
        self, step: str, status: StepStatus, seconds: float, failure: Failure | None
    ) -> None:
        self.output.end(step)
        self.emit(
            StepFinished(
                time=self.now(), build=self.name, step=step, status=status, seconds=seconds,
                failure=failure,
            )
        )  # fmt: skip

    # at a prompt

    def asks(self, reason: PauseReason, where: str = "") -> None:
        """Packer waits at a prompt; `where` is what it says before its question."""
        self.asked = reason
        failure = None
        if reason == "failure":
            self._retried = False
            said = [line for line in self._last if not recognise.fails_step(line)]
            summary = said[-1] if said else "the step failed"
            failure = Failure(summary=summary, last_lines=tuple(said))
            self._close("failed", failure)
        names = tuple(map(command_name, _CHOICES[reason]))
        self.emit(
            Paused(
                time=self.now(), build=self.name, step=self._step, reason=reason, choices=names,
                note=(where.strip() or self._note) if reason == "breakpoint" else "",
                failure=failure,
            )
        )  # fmt: skip

    def takes(self, command: Command) -> bool:
        """Whether the command is an answer to what packer asks."""
        return self.asked is not None and isinstance(command, _CHOICES[self.asked])

    def answered(self, command: Command) -> None:
        """The operator chose."""
        self.asked, self._note = None, ""
        self.emit(
            Resumed(
                time=self.now(), build=self.name, step=self._step, command=command_name(command)
            )
        )
        if isinstance(command, Retry):
            self._retried = True
            self._course.rewind()
            self.note(_RETRIED)

    # the end

    def made(self, text: str) -> None:
        """An artifact that packer lists at its end."""
        if self.outline.builder_type == "null":
            self.note(text, "info")
            return
        last = text.rpartition(": ")[2]
        self.emit(
            ArtifactMade(
                time=self.now(), build=self.name, builder_id=f"packer.{self.outline.builder_type}",
                id="" if " " in last else last, name="", text=text,
            )
        )  # fmt: skip

    def end(self, status: BuildStatus, failure: Failure | None = None) -> None:
        """The build is over; why, where it did not succeed."""
        if self.status is not None:
            return
        if self.asked is not None:
            self.answered(Abort())
        if self._failed is not None:
            self._close("done")
            step, seconds, cut_off = self._failed
            cancelled = cut_off and status == "cancelled"
            self._finished(step, "cancelled" if cancelled else "failed", seconds, failure)
        elif status == "failed" and self._step != "cleanup":
            self._close("failed", failure)
        else:
            self._close("cancelled" if status == "cancelled" else "done")
        if status == "succeeded":
            self._pass_over(self._course.rest())
        self.status = status
        self.output.close()
        self.emit(
            BuildFinished(
                time=self.now(), build=self.name, status=status, seconds=self.now() - self._began,
                error="" if failure is None else failure.summary,
            )
        )  # fmt: skip
