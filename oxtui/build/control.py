"""Where a build stops, and what it is told to do there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from oxtui.build.deadline import Deadline
from oxtui.build.stop_reasons import BEHIND, StopReasons
from oxtui.build.stops import Stopping
from oxtui.component.commands import (
    Abort,
    Beside,
    CancelBeside,
    Command,
    EditAndRetry,
    GiveSecret,
    Keep,
    MarkDone,
    Pause,
    Resume,
    Retry,
    Rewind,
    RunUntil,
    SetBreakpoint,
    SetStop,
    Skip,
    StepOver,
    command_name,
)
from oxtui.component.debugger_events import DeadlineMoved, PauseAsked
from oxtui.component.durations import go_duration
from oxtui.component.events import (
    Event,
    Failure,
    Level,
    Noted,
    Paused,
    PauseReason,
    Resumed,
    SecretAnswered,
    SecretAsked,
    StepPlan,
)

if TYPE_CHECKING:
    from oxtui.build.beside import BesideStop

OnError = Literal["ask", "cleanup", "abort", "run-cleanup-provisioner"]
_LEAVES: tuple[OnError, ...] = ("abort", "run-cleanup-provisioner")

_AT_STOP = (Resume, StepOver, RunUntil)
_AT_FAILURE = (Retry, EditAndRetry)
_MACHINES = ("provision", "seal", "capture")
"""Kinds of steps at which there is a machine that can give way to another."""
_SKIPPABLE = ("provision", "seal", "post-process")
"""Kinds of steps that others do not build on."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What stands for the operator.

    Attributes:
        on_error: What to do after a failure.
        attended: Somebody can answer at a stop.
        secrets: Somebody can give a secret that a step asks for.
    """

    on_error: OnError = "cleanup"
    attended: bool = False
    debug: bool = False
    """Where somebody can answer, the build also stops after each step, before each provisioner and before cleanup."""
    secrets: bool = False
    stopping: Stopping = field(default_factory=Stopping)
    """Stops that were asked for; the build waits at them even where nobody is there, as somebody may come."""


class Control:
    """The stops of one build.

    Args:
        build: its name.
        policy: what to do where nobody answers.
        emit: takes the events.
        now: the clock, in Unix seconds.
        spool: the file of a step's output, if there is any yet.
    """

    def __init__(
        self,
        build: str,
        policy: Policy,
        emit: Callable[[Event], None],
        now: Callable[[], float],
        spool: Callable[[str], Path | None] = lambda _step: None,
    ) -> None:
        self._build = build
        self._policy = policy
        self._emit = emit
        self._now = now
        error = policy.on_error == "ask" and policy.attended
        self.reasons = StopReasons(build, policy.stopping, error, emit, now, spool)
        """What it stops for; a step's breakpoints and all else that was set."""
        self._stops = self.reasons.stops
        self._pause = False
        self._over: int | None = None
        """How many steps begin before it stops again; None: it does not for their number."""
        self._until = ""
        self._done = ""
        """Title of the step that has just run."""
        self._pauses_before_cleanup = False
        """Although the build was ended: nobody was asked."""
        self._choices: tuple[type[Command], ...] = ()
        self._answer: asyncio.Future[Command] | None = None
        self._at = ""
        """Id of the step at which it stood last."""
        self._deadline = Deadline(policy.stopping.seconds, now, self._deadline_moved)
        self._secret: asyncio.Future[str] | None = None
        self.beside: BesideStop | None = None
        """What can be done without ending a stop; the build gives it."""
        self._standing: StepPlan | None = None
        """Where it stands."""
        self.end: Abort | Keep | None = None
        """The command that ended the build, once there was one."""
        self.interrupt: Callable[[], object] = lambda: None
        """Cancels the step that runs."""
        self.rewinds: Callable[[], bool] = lambda: False
        """Whether the build could go back to an earlier step now."""

    @property
    def asks(self) -> bool:
        """Whether the build stops at a step that failed, and somebody is asked what to do about it."""
        return self._stops.error

    def occupied(self) -> AbstractContextManager[None]:
        """While it lasts somebody is at work in the instance: a stop does not end by itself."""
        return self._deadline.held()

    @property
    def runs_error_cleanup(self) -> bool:
        """Whether the error-cleanup-provisioner belongs to the way in which the build ended."""
        if isinstance(self.end, Keep):
            return False
        if isinstance(self.end, Abort) and not self.end.cleanup:
            return self._policy.on_error == "run-cleanup-provisioner"
        return True

    def stops_at(self, step: str, *, behind: bool = False) -> bool:
        """Whether somebody is asked before the step of that id, or behind it, as far as that is known."""
        stops = self.reasons.stops
        at = step in stops.after if behind else step in stops.before or step == self._until
        return self._policy.attended and at

    def command(self, command: Command) -> None:
        """Takes a command of the operator; one that does not apply now is told so, never lost in silence."""
        match command:
            case GiveSecret():
                if self._secret is not None and not self._secret.done():
                    self._secret.set_result(command.text)
                else:
                    self._refuse(command, "needs a step that asks for a secret")
            case SetBreakpoint():
                if command.step in self.reasons.steps:
                    self.reasons.set_breakpoint(command.step, command.when, on=command.on)
                else:
                    self._refuse(command, f"needs a step of this build, not {command.step}")
            case SetStop():
                self.reasons.set(command.kind, command.pattern, on=command.on)
            case Pause(on=False):
                if self._pause:
                    self._pause = False
                    self._emit(PauseAsked(time=self._now(), build=self._build, on=False))
                else:
                    self._refuse(command, "was not asked for")
            case CancelBeside():
                if self.beside is None or not self.beside.cancel():
                    self._refuse(command, "needs something that is done at a stop")
            case Beside() if self._standing is not None:
                self._do_beside(command, self._standing)
            case _ if (busy := self._busy) and not isinstance(command, Abort | Keep):
                self._refuse(command, f"waits until {busy} is done; cancel that first")
            case _ if self._answer is not None and not self._answer.done():
                if isinstance(command, self._choices):
                    self._answer.set_result(command)
                else:
                    self._refuse(command, "does not apply here")
            case Pause():
                if not self._pause:
                    self._pause = True
                    self._emit(PauseAsked(time=self._now(), build=self._build, on=True))
            case RunUntil():
                self._until = command.step
                self._note(f"It stops before {self._title(command.step)}.", "info")
            case Abort() | Keep():
                self.end = command
                self.interrupt()
            case _:
                self._refuse(command, "needs a build that stands still")

    async def gate(self, step: StepPlan, *, machine: bool) -> Command | None:
        """Called before each step: waits where the build is to stop; the answer, or None to go on."""
        if self.end is not None:
            return self.end
        for stop in self._debugged(step):
            answer = await self._wait(step, "step", stop, None, _AT_STOP, machine)
            if not isinstance(answer, Resume):
                return None if isinstance(answer, StepOver) else answer
        reason, note = self._reason(step)
        if reason is None:
            return None
        return await self._wait(step, reason, note, None, _AT_STOP, machine)

    async def passed(self, step: StepPlan, *, machine: bool) -> Command | None:
        """Called behind each step that was done: waits where the build is to stop; the answer, or None to go on."""
        reason, note = await self.reasons.behind(step)
        if reason is None or self.end is not None:
            return None
        again = _AT_FAILURE if step.kind == "provision" else ()
        return await self._wait(step, reason, note, None, (*_AT_STOP, *again), machine)

    async def failed(self, step: StepPlan, failure: Failure, *, machine: bool) -> Command:
        """Called when a step failed: what to do about it."""
        behind, note = await self.reasons.behind(step)
        if self.end is not None:
            return self.end
        reason = "failure" if self.asks else behind
        if reason is None:
            cleans = self._policy.on_error not in _LEAVES
            self.end = Abort(build=self._build, cleanup=cleans)
            self._pauses_before_cleanup = cleans
            return self.end
        return await self._wait(step, reason, note, failure, _AT_FAILURE, machine)

    async def before_cleanup(self, step: StepPlan, *, machine: bool = False) -> Command | None:
        """Called when the steps are over, whatever became of them: waits where the build is to stop.

        With `machine` there is an instance that can be kept, which may be the answer.
        """
        ended = self.end is not None and not self._pauses_before_cleanup
        if not ended and (stops := self._debugged(step)):
            for stop in stops:
                await self._wait(step, "step", stop, None, (Resume,), machine=False)
            return None
        if isinstance(self.end, Keep) or (
            isinstance(self.end, Abort) and (self.end.reason or not self.end.cleanup)
        ):
            return None
        reason, note = (None, "") if ended else self._reason(step)
        if self._stops.cleanup:
            reason, note = "cleanup", ""
        if reason is None:
            return None
        return await self._wait(step, reason, note, None, (Resume,), machine)

    def _debugged(self, step: StepPlan) -> list[str]:
        """What -debug stops for before `step`, in Packer's words (packer.md 6)."""
        if not (self._policy.debug and self._policy.attended) or step.kind == "post-process":
            return []
        stops = [f"after run of step '{self._done}'"] if self._done else []
        self._done = step.title
        if step.kind == "provision":
            stops.append(f"before the next provisioner {step.title}")
            self._done = ""
        elif step.kind == "cleanup":
            stops = ["before cleanup of what the build made"]
        return stops

    async def secret(self, step: str, question: str, problem: str = "") -> str:
        """Called by a running step: the secret that it asks for; empty where nobody gives one.

        `problem` says why the last answer was wrong.
        """
        if not self._policy.secrets:
            return ""
        self._secret = asyncio.get_running_loop().create_future()
        place: dict[str, Any] = {"build": self._build, "step": step}
        self._emit(SecretAsked(time=self._now(), question=question, problem=problem, **place))
        given = False
        try:
            text = await self._secret
            given = bool(text)
        finally:
            self._secret = None
            self._emit(SecretAnswered(time=self._now(), given=given, **place))
        return text

    def _reason(self, step: StepPlan) -> tuple[PauseReason | None, str]:
        """Why the build stops before `step`; this step is then counted."""
        over = self._over
        if over:
            self._over = over - 1
        breakpoint_ = self._stops.before.get(step.id)
        if breakpoint_ is not None and (breakpoint_.asked or self._policy.attended):
            return "breakpoint", breakpoint_.note
        if self._pause or self._until == step.id:
            return "requested", ""
        if over == 0:
            return "step", ""
        if breakpoint_ is not None:
            text = f"Breakpoint before {step.title} passed: nobody is here to answer."
            self._note(text, "warning", step.id)
        return None, ""

    def _timed_out(self, step: StepPlan) -> None:
        """Nobody answered: the build ends as the policy says."""
        if self._answer is None or self._answer.done():
            return
        waited = go_duration(self._deadline.seconds or 0.0)
        why = f"nobody answered the stop at {step.title} within {waited}"
        cleans = step.kind == "cleanup" or self._policy.on_error not in _LEAVES
        ends = "it is cleaned up now" if cleans else "the build ends, and what it made is left"
        self._note(f"{why[0].upper()}{why[1:]}: {ends}.", "warning", step.id)
        if step.kind == "cleanup":
            self._answer.set_result(Resume(build=self._build))
            return
        self._answer.set_result(Abort(build=self._build, cleanup=cleans, reason=why))

    def _deadline_moved(self, until: float | None) -> None:
        self._emit(DeadlineMoved(time=self._now(), build=self._build, step=self._at, until=until))

    async def _wait(
        self,
        step: StepPlan,
        reason: PauseReason,
        note: str,
        failure: Failure | None,
        choices: tuple[type[Command], ...],
        machine: bool,
    ) -> Command:
        over = reason in BEHIND and failure is None  # the step is done
        skip = (Skip, MarkDone) if step.kind in _SKIPPABLE and not over else ()
        back = (Rewind,) if step.kind in _MACHINES and self.rewinds() else ()
        self._choices = (*choices, *skip, *back, *((Keep,) if machine else ()), Abort)
        beside = self.beside.possible() if self.beside is not None else ()
        self._standing = step
        self._answer = asyncio.get_running_loop().create_future()
        names = tuple(command_name(choice) for choice in (*self._choices, *beside))
        self._at = step.id
        self._pause = False
        if failure is None:
            self._over, self._until = None, ""
        until = self._deadline.begin(lambda: self._timed_out(step))
        self._emit(
            Paused(
                time=self._now(), build=self._build, step=step.id, reason=reason, choices=names,
                note=note, failure=failure, until=until,
            )
        )  # fmt: skip
        try:
            command = await self._answer
        finally:
            self._answer = self._standing = None
            self._deadline.end()
            if self.beside is not None:
                await self.beside.end()
        if isinstance(command, StepOver):
            self._over = 1 if over else 0
        if isinstance(command, RunUntil):
            self._until = command.step
        if isinstance(command, Abort | Keep):
            self.end = command
        self._emit(
            Resumed(
                time=self._now(), build=self._build, step=step.id, command=command_name(command)
            )
        )
        return command

    def _title(self, step: str) -> str:
        plan = self.reasons.steps.get(step)
        return plan.title if plan is not None else step

    def _do_beside(self, command: Beside, step: StepPlan) -> None:
        answered = self._answer is None or self._answer.done()
        if self.beside is None or answered:
            self._refuse(command, "needs a build that stands still")
        elif why := self.beside.start(command, step):
            self._refuse(command, why)

    @property
    def _busy(self) -> str:
        return self.beside.busy if self.beside is not None else ""

    def _refuse(self, command: Command, why: str) -> None:
        self._note(f"{command_name(command).replace('_', ' ').capitalize()} {why}.", "warning")

    def _note(self, text: str, level: Level, step: str = "") -> None:
        self._emit(Noted(time=self._now(), build=self._build, step=step, text=text, level=level))
