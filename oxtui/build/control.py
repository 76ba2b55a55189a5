"""Where a build stops, and what it is told to do there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from oxtui.component.commands import (
    Abort,
    AddProvisioner,
    Command,
    EditAndRetry,
    GiveSecret,
    Keep,
    Pause,
    Resume,
    Retry,
    RunUntil,
    SetBreakpoint,
    Skip,
    StepOver,
    command_name,
)
from oxtui.component.errors import StepError
from oxtui.component.events import (
    BreakpointSet,
    Event,
    Failure,
    Noted,
    Paused,
    PauseReason,
    Resumed,
    SecretAnswered,
    SecretAsked,
    StepPlan,
)

OnError = Literal["ask", "cleanup", "abort", "run-cleanup-provisioner"]
_LEAVES: tuple[OnError, ...] = ("abort", "run-cleanup-provisioner")

_AT_STOP = (Resume, StepOver, RunUntil)
_AT_FAILURE = (Retry, EditAndRetry)
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


class Control:
    """The stops of one build.

    Args:
        build: its name.
        policy: what to do where nobody answers.
        emit: takes the events.
        now: the clock, in Unix seconds.
    """

    def __init__(
        self, build: str, policy: Policy, emit: Callable[[Event], None], now: Callable[[], float]
    ) -> None:
        self._build = build
        self._policy = policy
        self._emit = emit
        self._now = now
        self._breakpoints: dict[str, str] = {}
        self._pause = False
        self._step_over = False
        self._until = ""
        self._done = ""
        """Title of the step that has just run."""
        self._pauses_before_cleanup = False
        """Although the build was ended: nobody was asked."""
        self._choices: tuple[type[Command], ...] = ()
        self._answer: asyncio.Future[Command] | None = None
        self._secret: asyncio.Future[str] | None = None
        self.end: Abort | Keep | None = None
        """The command that ended the build, once there was one."""
        self.interrupt: Callable[[], object] = lambda: None
        """Cancels the step that runs."""
        self.add: Callable[[AddProvisioner], object] = lambda command: None
        """Puts a provisioner into the session; raises StepError."""

    @property
    def asks(self) -> bool:
        """Whether somebody is asked what to do about a step that failed."""
        return self._policy.on_error == "ask" and self._policy.attended

    @property
    def runs_error_cleanup(self) -> bool:
        """Whether the error-cleanup-provisioner belongs to the way in which the build ended."""
        if isinstance(self.end, Keep):
            return False
        if isinstance(self.end, Abort) and not self.end.cleanup:
            return self._policy.on_error == "run-cleanup-provisioner"
        return True

    def set_breakpoint(self, step: str, note: str = "") -> None:
        """The build stops before `step`; `note` says why."""
        self._breakpoints[step] = note

    def command(self, command: Command) -> None:
        """Takes a command of the operator; one that does not apply now is told so, never lost in silence."""
        match command:
            case GiveSecret():
                if self._secret is not None and not self._secret.done():
                    self._secret.set_result(command.text)
                else:
                    self._refuse(command, "needs a step that asks for a secret")
            case SetBreakpoint():
                if command.on:
                    self._breakpoints.setdefault(command.step, "")
                else:
                    self._breakpoints.pop(command.step, None)
                self._emit(
                    BreakpointSet(
                        time=self._now(), build=self._build, step=command.step, on=command.on
                    )
                )
            case AddProvisioner() if self._answer is not None and not self._answer.done():
                self._beside(command)
            case _ if self._answer is not None and not self._answer.done():
                if isinstance(command, self._choices):
                    self._answer.set_result(command)
                else:
                    self._refuse(command, "does not apply here")
            case Pause():
                self._pause = True
            case RunUntil():
                self._until = command.step
            case Abort() | Keep():
                self.end = command
                self.interrupt()
            case _:
                self._refuse(command, "needs a build that stands still")

    def _beside(self, command: AddProvisioner) -> None:
        """Does what ends no stop."""
        try:
            self.add(command)
        except StepError as error:
            self._emit(Noted(time=self._now(), build=self._build, text=str(error), level="warning"))

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
        self._pause = self._step_over = False
        self._until = ""
        if not self._policy.attended:
            text = f"Breakpoint before {step.title} passed: nobody is here to answer."
            self._emit(
                Noted(time=self._now(), build=self._build, step=step.id, text=text, level="warning")
            )
            return None
        return await self._wait(step, reason, note, None, _AT_STOP, machine)

    async def failed(self, step: StepPlan, failure: Failure, *, machine: bool) -> Command:
        """Called when a step failed: what to do about it."""
        if self.end is not None:
            return self.end
        if not self.asks:
            cleans = self._policy.on_error not in _LEAVES
            self.end = Abort(build=self._build, cleanup=cleans)
            self._pauses_before_cleanup = cleans
            return self.end
        return await self._wait(step, "failure", "", failure, _AT_FAILURE, machine)

    async def before_cleanup(self, step: StepPlan) -> None:
        """Called when the steps are over, whatever became of them: of -debug."""
        if self.end is not None and not self._pauses_before_cleanup:
            return
        for stop in self._debugged(step):
            await self._wait(step, "step", stop, None, (Resume,), machine=False)

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
        if step.id in self._breakpoints:
            return "breakpoint", self._breakpoints[step.id]
        if self._pause or self._until == step.id:
            return "requested", ""
        return ("step", "") if self._step_over else (None, "")

    async def _wait(
        self,
        step: StepPlan,
        reason: PauseReason,
        note: str,
        failure: Failure | None,
        choices: tuple[type[Command], ...],
        machine: bool,
    ) -> Command:
        skip = (Skip,) if step.kind in _SKIPPABLE else ()
        self._choices = (*choices, *skip, *((Keep,) if machine else ()), Abort)
        self._answer = asyncio.get_running_loop().create_future()
        names = tuple(command_name(choice) for choice in self._choices)
        self._emit(
            Paused(
                time=self._now(), build=self._build, step=step.id, reason=reason, choices=names,
                note=note, failure=failure,
            )
        )  # fmt: skip
        try:
            command = await self._answer
        finally:
            self._answer = None
        self._step_over = isinstance(command, StepOver)
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

    def _refuse(self, command: Command, why: str) -> None:
        text = f"{command_name(command).replace('_', ' ').capitalize()} {why}."
        self._emit(Noted(time=self._now(), build=self._build, text=text, level="warning"))
