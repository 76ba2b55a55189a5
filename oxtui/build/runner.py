"""Runs one build: step after step, with stops, retries and a cleanup whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oxtui.build.adding import Adder
from oxtui.build.attempts import Attempts, Interrupted
from oxtui.build.ending import CLEANUP, Ending
from oxtui.build.post_processing.processing import Outcome, PostProcessing
from oxtui.build.post_processing.step import PostProcessorStep
from oxtui.build.recording.commands import RecordedCommand
from oxtui.build.services import Background, Services
from oxtui.build.shield import shielded
from oxtui.build.steps import ProvisionerStep
from oxtui.component.commands import Abort, AddProvisioner, EditAndRetry, Keep, Retry, Skip
from oxtui.component.debugger_events import (
    CommandRecorded,
    FileUploaded,
    ProvisionerAdded,
    StepMarkedDone,
    StepReused,
)
from oxtui.component.errors import StepError
from oxtui.component.events import (
    BuildPlanned,
    BuildStatus,
    StepEdited,
    StepPlan,
)
from oxtui.component.protocols import Builder, Step, StepContext

_CANCELLED: Outcome = ("cancelled", "cancelled")
_BY_OPERATOR = "cancelled by the operator"


@dataclass(frozen=True, slots=True)
class Reused:
    """Why a step need not run, as a sentence, and how long it took when it ran, in seconds."""

    reason: str
    seconds: float = 0.0


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
        adder: Adder | None = None,
    ) -> None:
        self.name = name
        self.builder = builder
        self.provisioners = {step.plan.id: step for step in provisioners}
        self.post_processing = PostProcessing(chains, builder, services.note)
        self.services = services
        self._attempts = Attempts(services)
        self._ending = Ending(
            builder, services, background, self._attempts, self.post_processing, error_cleanup
        )
        self.heard = self._ending.heard
        self.reused = dict(reused or {})
        """Steps that are passed over, by id: what they do is there already."""
        self._trace = False
        self._adder = adder
        self._here: Step | None = None
        """The step that runs or that the build stands at."""
        self._to_run: set[str] = set()
        """Ids of added steps that have not run yet."""
        self._passed: set[str] = set()
        """Ids of steps that the operator left out."""
        services.control.add = self.add_provisioner
        self.steps = self._all_steps()
        self.later = self.post_processing.steps("after_cleanup")

    def _all_steps(self) -> list[Step]:
        provision = [self._step(step) for step in self.provisioners.values()]
        before = self.builder.before()
        self._before = len(before)
        self._provisioned = len(before) + len(provision)
        return [
            *before,
            *provision,
            *self.post_processing.steps("before_seal"),
            *self.builder.after(),
            *self.post_processing.steps("before_cleanup"),
        ]

    def _step(self, step: ProvisionerStep) -> Step:
        return Step(
            step.plan,
            lambda context: self._provision(step, context),
            keeps_machine=self.builder.makes_machine,
        )

    def add_provisioner(self, command: AddProvisioner) -> None:
        """Puts a provisioner into the session, in front of the step that the build stands at.

        One whose work was done by hand is passed over, and runs where that step and those behind it are
        run again on another machine. Any other runs when the build goes on.

        Raises:
            StepError: there is no such provisioner, or it cannot have these options.
        """
        services = self.services
        place = self.steps.index(self._here) if self._here in self.steps else -1
        if self._adder is None or place < self._before:
            raise StepError(
                "A provisioner can be added while the build has its instance connected."
            )
        if place > self._provisioned and not command.done:
            raise StepError("No provisioner can run any more: the instance is being captured.")
        step = self._adder.step(command.type_name, command.options)
        index = min(place, self._provisioned)
        self.provisioners[step.plan.id] = step
        self.steps.insert(index, self._step(step))
        self._provisioned += 1
        services.emit(
            ProvisionerAdded(
                time=services.now(), build=self.name, after=self.steps[index - 1].plan.id if index else "",
                plan=step.plan, type_name=command.type_name, options=command.options,
            )
        )  # fmt: skip
        if command.done:
            services.emit(StepMarkedDone(time=services.now(), build=self.name, step=step.plan.id))
            services.finished(step.plan, "done", 0.0)
        else:
            self._to_run.add(step.plan.id)

    def recorded(self, command: RecordedCommand) -> None:
        """Keeps a command that the operator typed in a shell whose recording is on."""
        self.services.emit(
            CommandRecorded(
                time=self.services.now(), build=self.name, step=self._here.plan.id if self._here else "",
                command=command.text, status=command.status, directory=command.directory,
                seconds=command.seconds,
            )
        )  # fmt: skip

    def uploaded(self, source: str, destination: str, size: int) -> None:
        """Keeps that the operator sent a file of `size` bytes to the guest."""
        self.services.emit(
            FileUploaded(
                time=self.services.now(), build=self.name, step=self._here.plan.id if self._here else "",
                source=source, destination=destination, size=size,
            )
        )  # fmt: skip

    def _go_on_at(self, step: Step) -> int:
        """Index of the step to go on with: what was put in front of `step` meanwhile runs first."""
        if step not in self.steps:
            return self.later.index(step)
        index = self.steps.index(step)
        while index and self.steps[index - 1].plan.id in self._to_run:
            index -= 1
        return index

    def editable(self, step: str) -> ProvisionerStep | PostProcessorStep | None:
        """The step of that id, if it has options that can be edited."""
        return self.provisioners.get(step) or self.post_processing.links.get(step)

    async def _provision(self, step: ProvisionerStep, context: StepContext) -> None:
        trace, self._trace = self._trace, False
        await step.run(context, self.builder.guest, trace=trace)

    def plan(self) -> BuildPlanned:
        """The steps and the values, as far as they are known."""
        return BuildPlanned(
            time=self.services.now(),
            build=self.name,
            steps=(
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
        status, error = _CANCELLED
        try:
            try:
                status, error = await self._run_steps(self.steps)
                if status == "failed":
                    error = await self._ending.clean_guest(error)
                await services.control.before_cleanup(CLEANUP)
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
        index = 0
        while index < len(steps):
            step = steps[index]
            if (known := self.reused.get(step.plan.id)) is not None:
                self._reuse(step.plan, known)
                index += 1
                continue
            if step.plan.id in self._passed:
                self._passed.remove(step.plan.id)
                index += 1
                continue
            if self.post_processing.passes_over(step.plan.id):
                self.services.finished(step.plan, "skipped", 0.0)
                index += 1
                continue
            self._here = step
            command = await self.services.control.gate(step.plan, machine=step.keeps_machine)
            if isinstance(command, Abort | Keep):
                return self._ended("")
            if isinstance(command, Skip):
                self.services.finished(step.plan, "skipped", 0.0)
                self._passed.add(step.plan.id)
            index = self._go_on_at(step)
            if isinstance(command, Skip) or steps[index] is not step:
                continue
            self._to_run.discard(step.plan.id)
            self._ending.at_machine = self._ending.at_machine or index >= self._before
            try:
                failure = await self._attempts.run(step)
            except Interrupted:
                return self._ended("")
            if failure is None:
                index += 1
                continue
            if step.plan.id in self.post_processing.links and not self.services.control.asks:
                self.post_processing.broke(step.plan.id, failure)
                index += 1
                continue
            error = f"{step.plan.title}: {failure.summary}"
            command = await self.services.control.failed(
                step.plan, failure, machine=step.keeps_machine
            )
            match command:
                case Skip():
                    self.services.finished(step.plan, "skipped", 0.0, failure)
                    self._passed.add(step.plan.id)
                case Abort() | Keep():
                    return self._ended(error)
                case Retry():
                    self._trace = command.trace
                case EditAndRetry():
                    self._edit(step.plan, command)
            index = self._go_on_at(step)
        return "succeeded", ""

    def _ended(self, error: str) -> Outcome:
        end = self.services.control.end
        if isinstance(end, Keep):
            return "kept", error
        reason = end.reason if isinstance(end, Abort) else ""
        return ("failed", error) if error else ("cancelled", reason or _BY_OPERATOR)

    def _edit(self, plan: StepPlan, command: EditAndRetry) -> None:
        step = self.editable(plan.id)
        if step is None:
            self.services.note(f"{plan.title} has no options to edit; it is run again as it is.")
            return
        step.changes.update(command.changes)
        self.services.emit(
            StepEdited(
                time=self.services.now(), build=self.name, step=plan.id, changes=command.changes
            )
        )

    def _reuse(self, plan: StepPlan, known: Reused) -> None:
        self.services.emit(
            StepReused(
                time=self.services.now(), build=self.name, step=plan.id, reason=known.reason,
                seconds=known.seconds,
            )
        )  # fmt: skip
