"""Runs one build: step after step, with stops, retries and a cleanup whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oxtui.build.attempts import Attempts, Interrupted
from oxtui.build.changes.collector import Collector
from oxtui.build.ending import CLEANUP, Ending
from oxtui.build.post_processing.processing import Outcome, PostProcessing
from oxtui.build.post_processing.step import PostProcessorStep
from oxtui.build.services import Background, Services
from oxtui.build.shield import shielded
from oxtui.build.steps import ProvisionerStep, RunningStep
from oxtui.component.commands import Abort, EditAndRetry, Keep, Retry, Skip
from oxtui.component.debugger_events import StepReused
from oxtui.component.events import (
    BuildPlanned,
    BuildStatus,
    StepEdited,
    StepPlan,
)
from oxtui.component.protocols import Builder, Step

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
        collector: Collector | None = None,
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
        self._collector = collector
        self._trace = False
        self.steps = self._all_steps()
        self.later = self.post_processing.steps("after_cleanup")

    def _all_steps(self) -> list[Step]:
        provision = [
            Step(
                step.plan,
                lambda context, step=step: self._provision(step, context),  # type: ignore[misc]
                keeps_machine=self.builder.makes_machine,
            )
            for step in self.provisioners.values()
        ]
        before = self.builder.before()
        self._before = len(before)
        return [
            *before,
            *provision,
            *self.post_processing.steps("before_seal"),
            *self.builder.after(),
            *self.post_processing.steps("before_cleanup"),
        ]

    def editable(self, step: str) -> ProvisionerStep | PostProcessorStep | None:
        """The step of that id, if it has options that can be edited."""
        return self.provisioners.get(step) or self.post_processing.links.get(step)

    async def _provision(self, step: ProvisionerStep, context: RunningStep) -> None:
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
                if status == "succeeded" and self._collector is not None:
                    await self._collector.after(CLEANUP, fresh=not self.reused)
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
            if self.post_processing.passes_over(step.plan.id):
                self.services.finished(step.plan, "skipped", 0.0)
                index += 1
                continue
            if self._collector is not None:
                await self._collector.before(step.plan, fresh=not self.reused)
            command = await self.services.control.gate(step.plan, machine=step.keeps_machine)
            if isinstance(command, Abort | Keep):
                return self._ended("")
            if isinstance(command, Skip):
                self.services.finished(step.plan, "skipped", 0.0)
                index += 1
                continue
            if self._collector is not None and await self._collector.after(
                step.plan, fresh=not self.reused
            ):
                return self._ended("")
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
                    index += 1
                case Abort() | Keep():
                    return self._ended(error)
                case Retry():
                    self._trace = command.trace
                case EditAndRetry():
                    self._edit(step.plan, command)
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
