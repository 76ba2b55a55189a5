"""Runs one build: step after step, with stops, retries and a cleanup whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from oxtui.build import beside_guest
from oxtui.build.adding import Adder
from oxtui.build.attempts import Attempts, Interrupted
from oxtui.build.beside import BesideStop, Performer
from oxtui.build.changes.collector import Collector
from oxtui.build.checkpoints.keeper import Keeper
from oxtui.build.ending import CLEANUP, Ending
from oxtui.build.memory import BuildMemory
from oxtui.build.post_processing.processing import Outcome, PostProcessing
from oxtui.build.post_processing.step import PostProcessorStep
from oxtui.build.recording.commands import RecordedCommand
from oxtui.build.resume.resumption import RESUME, Resumption
from oxtui.build.reused import Reused
from oxtui.build.rewinding import Rewinding
from oxtui.build.services import Background, Services
from oxtui.build.shield import shielded
from oxtui.build.step_changes import StepChanges
from oxtui.build.step_list import StepList
from oxtui.build.steps import ProvisionerStep
from oxtui.component.commands import (
    Abort,
    AddProvisioner,
    Command,
    EditAndRetry,
    EditStep,
    Keep,
    MarkDone,
    Pause,
    Retry,
    Rewind,
    Skip,
    TakeCheckpoint,
)
from oxtui.component.debugger_events import (
    CommandRecorded,
    FileUploaded,
    StepMarkedDone,
    StepReused,
)
from oxtui.component.errors import StepError
from oxtui.component.events import (
    BuildPlanned,
    BuildStatus,
    Event,
    Failure,
    StepPlan,
)
from oxtui.component.protocols import Builder, Step, StepContext

AnswerT = TypeVar("AnswerT", bound=Command | None)

_CANCELLED: Outcome = ("cancelled", "cancelled")
_BY_OPERATOR = "cancelled by the operator"


class BuildRunner:
    """One build. `builder`, `provisioners` and `chains` of post-processors are its parts.

    `services` is what it works with.
    """

    def __init__(
        self,
        name: str,
        builder: Builder,
        provisioners: list[ProvisionerStep],
        services: Services,
        background: Background,
        chains: Sequence[Sequence[PostProcessorStep]] = (),
        error_cleanup: ProvisionerStep | None = None,
        reused: Mapping[str, Reused] | None = None,
        keeper: Keeper | None = None,
        resumption: Resumption | None = None,
        facts: Mapping[str, Any] | None = None,
        collector: Collector | None = None,
        adder: Adder | None = None,
    ) -> None:
        self.name = name
        self.builder = builder
        self.post_processing = PostProcessing(chains, builder, services.note)
        self._changes = changes = StepChanges(
            builder, provisioners, self.post_processing, services, adder, keeper
        )
        self.provisioners = changes.provisioners
        self.services = services
        self._resumption = resumption
        self._memory = BuildMemory(builder, self.post_processing, services, facts or {})
        self._attempts = Attempts(services, resumption.attempts if resumption else {})
        self._ending = Ending(
            builder, services, background, self._attempts, self.post_processing, error_cleanup
        )
        self.reused = dict(reused or {})
        """Steps that are passed over, by id: what they do is there already."""
        self.keeper = keeper
        """Of the disk of the builder's machine, where it makes one that provisioners work on."""
        self._rewinding = (
            None
            if keeper is None
            else Rewinding(builder, keeper, services, background, changes.change)
        )
        self._collector = collector
        self._trace = False
        self._begun = False
        services.control.beside = beside = BesideStop(services)
        beside_guest.add_to(beside, lambda: self.builder.guest)
        beside.add(EditStep, Performer(lambda command: "the edit", self._edit_later))
        beside.add_at_once(AddProvisioner, lambda new: changes.add(new, self._list, self._step))
        if keeper is not None:
            services.control.rewinds = lambda: bool(keeper.history.links)
            beside.add(TakeCheckpoint, Performer(lambda command: "the checkpoint", self._take))
        steps = self.post_processing.steps
        self._list = StepList(
            [*self.post_processing.rehearsals(), *builder.before()],
            [self._step(step) for step in provisioners],
            [*steps("before_seal"), *builder.after(), *steps("before_cleanup")],
            steps("after_cleanup"),
        )
        self._before = self._list.before
        self.steps, self.later = self._list.steps, self._list.later

    def _step(self, step: ProvisionerStep) -> Step:
        return Step(
            step.plan,
            lambda context: self._provision(step, context),
            keeps_machine=self.builder.makes_machine,
        )

    @property
    def _stands_at(self) -> str:
        here = self._list.here
        return here.plan.id if here is not None else ""

    def recorded(self, command: RecordedCommand) -> None:
        """Keeps a command that the operator typed in a shell whose recording is on."""
        self.services.emit(
            CommandRecorded(
                time=self.services.now(), build=self.name, step=self._stands_at, command=command.text,
                status=command.status, directory=command.directory, seconds=command.seconds,
            )
        )  # fmt: skip

    def uploaded(self, source: str, destination: str, size: int) -> None:
        """Keeps that the operator sent a file of `size` bytes to the guest."""
        self.services.emit(
            FileUploaded(
                time=self.services.now(), build=self.name, step=self._stands_at, source=source,
                destination=destination, size=size,
            )
        )  # fmt: skip

    def editable(self, step: str) -> ProvisionerStep | PostProcessorStep | None:
        """The step of that id, if it has options that can be edited."""
        return self._changes.editable(step)

    async def _provision(self, step: ProvisionerStep, context: StepContext) -> None:
        trace, self._trace = self._trace, False
        keeper = self.keeper
        if keeper is None:
            return await step.run(context, self.builder.guest, trace=trace)
        contents = await keeper.before(step)
        begun = self.services.now()
        try:
            await step.run(context, self.builder.guest, trace=trace)
        except BaseException:
            keeper.failed(step)
            raise
        await keeper.ran(step, contents, self.services.now() - begun, context)
        return None

    async def _take(self, _command: TakeCheckpoint, context: StepContext) -> None:
        if self.keeper is not None:
            await self.keeper.take(context)

    def heard(self, event: Event) -> None:
        """Takes an event of this build."""
        self._ending.heard(event)
        self.services.control.reasons.heard(event)
        if self.keeper is not None:
            self.keeper.heard(event)

    def plan(self) -> BuildPlanned:
        """The steps and the values, as far as they are known."""
        return BuildPlanned(
            time=self.services.now(),
            build=self.name,
            steps=(
                *([RESUME] if self._resumption else ()),
                *(step.plan for step in self.steps),
                *self._ending.plans,
                *(step.plan for step in self.later),
            ),
            values=tuple(self.builder.values()),
        )

    async def run(self) -> BuildStatus:
        """Runs to the end and cleans up, also when cancelled. The last event is `BuildFinished`."""
        services = self.services
        begun = services.now()
        services.emit(self.plan())
        services.control.reasons.begin()
        status, error = _CANCELLED
        if self._resumption is not None and (ended := await self._resume(self._resumption, begun)):
            return ended
        self._memory.keep()
        await services.written()
        try:
            try:
                status, error = await self._run_steps(self.steps)
                if status == "succeeded" and self._collector is not None:
                    await self._collector.after(CLEANUP, fresh=not self.reused)
                if status == "failed":
                    error = await self._ending.clean_guest(error)
                keeps = status != "succeeded" and self._ending.at_machine
                command = await services.control.before_cleanup(
                    CLEANUP, machine=keeps and self.builder.makes_machine
                )
                if isinstance(command, Keep):
                    status, error = self._ended(error)
            finally:
                # Shielded: whoever cancels a build twice still finds nothing left that is not listed.
                error = await shielded(self._ending.clean_up(status, error))
            if status == "succeeded":
                status, error = await self._post_process()
        except asyncio.CancelledError:
            if status == "succeeded" and self.later:  # and not all of them have run
                status, error = _CANCELLED
            raise
        finally:
            await shielded(self._ending.end(status, error, begun))
        return status

    async def _resume(self, before: Resumption, begun: float) -> BuildStatus | None:
        """Takes the build up; how it ended if that cannot be, with everything left as it was."""
        status: BuildStatus = before.status
        error, is_taken_up = _BY_OPERATOR, False

        async def take_up(context: StepContext) -> None:
            self.reused |= await self._memory.take_up(
                before, self.provisioners, context, self.keeper
            )

        try:
            failure = await self._attempts.run(Step(RESUME, take_up))
            is_taken_up = failure is None
            error = "" if failure is None else f"{RESUME.title}: {failure.summary}"
        except Interrupted:
            pass
        finally:
            if not is_taken_up:
                await shielded(self._ending.leave(status, error, begun))
        return None if is_taken_up else status

    async def _post_process(self) -> Outcome:
        if self.later and self.builder.result() is None:
            for step in self.later:
                self.services.finished(step.plan, "skipped", 0.0)
            return self.post_processing.outcome()
        status, error = await self._run_steps(self.later)
        if status == "kept":  # the machine is gone, so that cannot be
            return "cancelled", error or _BY_OPERATOR
        return self.post_processing.outcome() if status == "succeeded" else (status, error)

    async def _run_steps(self, steps: Sequence[Step]) -> Outcome:
        control, index = self.services.control, 0
        while index < len(steps):
            step = steps[index]
            if self.keeper is not None and step.plan.id == self.keeper.disk.machine_step:
                await self._begin(self.keeper)
            if step.plan.id in self._held:
                index += 1
                continue
            if (known := self.reused.get(step.plan.id)) is not None:
                self._reuse(step.plan, known)
                index += 1
                continue
            if self._list.is_left_out(step):
                index += 1
                continue
            if self.post_processing.passes_over(step.plan.id):
                self.services.finished(step.plan, "skipped", 0.0)
                index += 1
                continue
            if self._collector is not None:
                await self._collector.before(step.plan, fresh=not self.reused)
            self._list.here = step
            gate = partial(control.gate, step.plan, machine=step.keeps_machine)
            command, back = await self._asked(gate, steps, index, pauses=True)
            if back is not None:
                index = back
                continue
            if isinstance(command, Abort | Keep):
                return self._ended("")
            if isinstance(command, Skip | MarkDone):
                self._pass_over(step, command)
            index = self._list.go_on_at(step)
            if isinstance(command, Skip | MarkDone) or steps[index] is not step:
                continue
            self._list.begin(step)
            if self._collector is not None and await self._collector.after(
                step.plan, fresh=not self.reused
            ):
                return self._ended("")
            self._ending.at_machine = self._ending.at_machine or index >= self._before
            try:
                failure = await self._attempts.run(step)
            except Interrupted:
                return self._ended("")
            finally:
                self._memory.keep()
            await self.services.written()
            if failure is None:
                self._list.stand_behind(step)
                passed = partial(control.passed, step.plan, machine=step.keeps_machine)
                command, back = await self._asked(passed, steps, index)
                if back is not None:
                    index = back
                    continue
                match command:
                    case Abort() | Keep():
                        return self._ended("")
                    case Retry():
                        self._trace = command.trace
                    case EditAndRetry():
                        await self._changes.edit(step.plan, command.changes)
                    case _:
                        index += 1
                continue
            if index < self._before and (back := await self._without_checkpoint(failure)):
                index = back
                continue
            if step.plan.id in self.post_processing.links and not control.asks:
                self.post_processing.broke(step.plan.id, failure)
                index += 1
                continue
            error = f"{step.plan.title}: {failure.summary}"
            failed = partial(control.failed, step.plan, failure, machine=step.keeps_machine)
            command, back = await self._asked(failed, steps, index)
            if back is not None:
                index = back
                continue
            match command:
                case Skip() | MarkDone():
                    self._pass_over(step, command, failure)
                case Abort() | Keep():
                    return self._ended(error)
                case Retry():
                    self._trace = command.trace
                case EditAndRetry():
                    await self._changes.edit(step.plan, command.changes)
            index = self._list.go_on_at(step)
        return "succeeded", ""

    async def _begin(self, keeper: Keeper) -> None:
        """Chooses what the first machine begins from."""
        if self._begun:
            return
        self._begun = True
        held = set() if await self._memory.stands(self.reused) else await keeper.begin()
        if self._rewinding is not None:
            self._rewinding.held = held

    async def _without_checkpoint(self, failure: Failure) -> int | None:
        """Where the build goes on if what failed came of the checkpoint that its machine began from."""
        rewinding = self._rewinding
        if rewinding is None or not await rewinding.without(failure):
            return None
        self._went_back()
        ids = [step.plan.id for step in self.steps]
        return ids.index(rewinding.keeper.disk.machine_step)

    @property
    def _held(self) -> set[str]:
        """Provisioners whose work is on the disk that the machine began from."""
        return set() if self._rewinding is None else self._rewinding.held

    async def _asked(
        self,
        ask: Callable[[], Coroutine[Any, Any, AnswerT]],
        steps: Sequence[Step],
        index: int,
        *,
        pauses: bool = False,
    ) -> tuple[AnswerT, int | None]:
        """The answer at a step, and where the build goes on if that is to go back.

        Where it cannot go back it is asked again; `pauses` where only a pause has it stop there once more.
        """
        while True:
            command = await ask()
            if not isinstance(command, Rewind):
                return command, None
            if (back := await self._back(command, steps, index)) is not None:
                return command, back
            if pauses:
                self.services.control.command(Pause())

    async def _back(self, command: Rewind, steps: Sequence[Step], index: int) -> int | None:
        if self._rewinding is None:
            return None
        back = await self._rewinding.go(command, steps, index)
        if back is not None:
            self._went_back()
            self._list.again()
        return back

    def _went_back(self) -> None:
        """Another machine is made."""
        self.reused.clear()
        self._memory.keep()  # its name, before it is asked for

    def _ended(self, error: str) -> Outcome:
        end = self.services.control.end
        if isinstance(end, Keep):
            return "kept", error
        reason = end.reason if isinstance(end, Abort) else ""
        return ("failed", error) if error else ("cancelled", reason or _BY_OPERATOR)

    def _pass_over(
        self, step: Step, command: Skip | MarkDone, failure: Failure | None = None
    ) -> None:
        """The step does not run (any more): it is left out, or the operator has done its work."""
        services, plan = self.services, step.plan
        self._list.leave_out(step)
        if isinstance(command, Skip):
            services.finished(plan, "skipped", 0.0, failure)
            return
        services.emit(StepMarkedDone(time=services.now(), build=self.name, step=plan.id))
        services.finished(plan, "done", 0.0)

    async def _edit_later(self, command: EditStep, context: StepContext) -> None:
        known = (*self.steps, *self.later)
        plan = next((step.plan for step in known if step.plan.id == command.step), None)
        if plan is None or self.editable(command.step) is None:
            raise StepError(f"{command.step} is no step with options that can be edited.")
        await self._changes.edit(plan, command.changes)
        context.say(f"Edited for this session: {plan.title}")

    def _reuse(self, plan: StepPlan, known: Reused) -> None:
        self.services.emit(
            StepReused(
                time=self.services.now(), build=self.name, step=plan.id, reason=known.reason,
                seconds=known.seconds,
            )
        )  # fmt: skip
