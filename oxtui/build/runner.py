"""Runs one build: step after step, with stops, retries and a cleanup whatever happens."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from oxtui.build.control import Control
from oxtui.build.ledger import Ledger
from oxtui.build.output import BuildOutput
from oxtui.build.post_processing.processing import Outcome, PostProcessing
from oxtui.build.post_processing.step import PostProcessorStep
from oxtui.build.session import SessionFolder
from oxtui.build.shield import shielded
from oxtui.build.steps import ProvisionerStep, RunningStep
from oxtui.component.commands import Abort, EditAndRetry, Keep, Retry, Skip
from oxtui.component.errors import StepError
from oxtui.component.events import (
    ArtifactMade,
    BuildFinished,
    BuildPlanned,
    BuildStatus,
    Event,
    Failure,
    Level,
    Noted,
    ResourceDeleted,
    ResourceLeft,
    StepEdited,
    StepFinished,
    StepPlan,
    StepStarted,
)
from oxtui.component.protocols import Builder, Step
from oxtui.oxide.errors import ApiError, OxideError

CLEANUP = StepPlan(id="cleanup", kind="cleanup", title="clean up")
CLOSE_LIMIT = 10.0
_CANCELLED: Outcome = ("cancelled", "cancelled")
_BY_OPERATOR = "cancelled by the operator"
CANCELLED_LIMIT = 60.0
"""Seconds that the error-cleanup-provisioner has in a build that was cancelled."""


@dataclass(slots=True)
class Services:
    """What a build works with, made by its session."""

    ledger: Ledger
    output: BuildOutput
    control: Control
    folder: SessionFolder
    emit: Callable[[Event], None]
    now: Callable[[], float]
    cleanup_seconds: float


class Background:
    """Work beside the steps, such as following the console; ends before the machine does."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tasks: list[asyncio.Task[None]] = []
        self._tell = tell

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Starts it."""
        self._tasks.append(asyncio.create_task(work))

    async def end(self) -> None:
        """Cancels all of it; what failed meanwhile is told."""
        for task in self._tasks:
            task.cancel()
        for result in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(result, Exception):
                self._tell(f"{type(result).__name__}: {result}")
        self._tasks.clear()


class Interrupted(Exception):
    """The operator ended the build while a step ran."""


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
    ) -> None:
        self.name = name
        self.builder = builder
        self.provisioners = {step.plan.id: step for step in provisioners}
        self.post_processing = PostProcessing(chains, builder, self._note)
        self.services = services
        self.background = background
        self._error_cleanup = error_cleanup
        self._at_machine = False
        """Whether a step behind the last one that leads to the machine has begun."""
        self._trace = False
        self._attempts: dict[str, int] = {}
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
                *self._cleanups,
                CLEANUP,
                *(step.plan for step in self.later),
            ),
            values=tuple(self.builder.values()),
        )

    @property
    def _cleanups(self) -> tuple[StepPlan, ...]:
        return () if self._error_cleanup is None else (self._error_cleanup.plan,)

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
                    error = await self._clean_guest(error)
                await services.control.before_cleanup(CLEANUP)
            finally:
                # Shielded: whoever cancels a build twice still finds nothing left that is not listed.
                error = await shielded(self._clean_up(status, error))
            if status == "succeeded":
                status, error = await self._post_process()
        except asyncio.CancelledError:
            if status == "succeeded" and self.later:  # and not all of them have run
                status, error = _CANCELLED
            raise
        finally:
            await shielded(self._end(status, error, begun))
        return status

    async def _post_process(self) -> Outcome:
        if self.later and self.builder.result() is None:
            for step in self.later:
                self._finished(step.plan, "skipped", 0.0, None)
            return self.post_processing.outcome()
        status, error = await self._run_steps(self.later)
        if status == "kept":  # the machine is gone, so that cannot be
            return "cancelled", error or _BY_OPERATOR
        return self.post_processing.outcome() if status == "succeeded" else (status, error)

    async def _run_steps(self, steps: Sequence[Step]) -> Outcome:
        index = 0
        while index < len(steps):
            step = steps[index]
            if self.post_processing.passes_over(step.plan.id):
                self._finished(step.plan, "skipped", 0.0, None)
                index += 1
                continue
            command = await self.services.control.gate(step.plan, machine=step.keeps_machine)
            if isinstance(command, Abort | Keep):
                return self._ended("")
            if isinstance(command, Skip):
                self._finished(step.plan, "skipped", 0.0, None)
                index += 1
                continue
            self._at_machine = self._at_machine or index >= self._before
            try:
                failure = await self._attempt(step)
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
                    self._finished(step.plan, "skipped", 0.0, failure)
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
            self._note(f"{plan.title} has no options to edit; it is run again as it is.")
            return
        step.changes.update(command.changes)
        self.services.emit(
            StepEdited(
                time=self.services.now(), build=self.name, step=plan.id, changes=command.changes
            )
        )

    async def _attempt(self, step: Step) -> Failure | None:
        """Runs a step once; its failure, or None.

        Raises:
            Interrupted: the operator ended the build meanwhile.
        """
        services, plan = self.services, step.plan
        attempt = self._attempts[plan.id] = self._attempts.get(plan.id, 0) + 1
        context = RunningStep(
            self.name, plan.id, services.output, services.emit, services.now,
            services.control.secret,
        )  # fmt: skip
        services.emit(
            StepStarted(time=services.now(), build=self.name, step=plan.id, attempt=attempt)
        )
        begun = services.now()
        task = asyncio.ensure_future(step.run(context))
        services.control.interrupt = task.cancel
        failure: Failure | None = None
        try:
            await task
        except asyncio.CancelledError:
            self._finished(plan, "cancelled", services.now() - begun, None)
            if services.control.end is None:
                raise
            raise Interrupted from None
        except (
            Exception
        ) as error:  # whatever it is: a provisioned machine is not thrown away for it
            failure = describe(error)
            services.output.say(plan.id, f"Failed: {failure.summary}")
            if not isinstance(error, EXPECTED):
                for line in traceback.format_exception(error):
                    services.output.say(plan.id, line.rstrip())
        finally:
            services.control.interrupt = lambda: None
        self._finished(plan, "failed" if failure else "done", services.now() - begun, failure)
        return failure

    def _finished(
        self, plan: StepPlan, status: Any, seconds: float, failure: Failure | None
    ) -> None:
        services = self.services
        services.output.end(plan.id)
        services.emit(
            StepFinished(
                time=services.now(), build=self.name, step=plan.id, status=status,
                seconds=seconds, failure=failure,
            )
        )  # fmt: skip

    async def _clean_guest(self, error: str, limit: float | None = None) -> str:
        """Runs the error-cleanup-provisioner, where there is one and the machine was got at; the error then.

        `limit` is in seconds. A second request to end the build ends it as well.
        """
        step, services = self._error_cleanup, self.services
        if step is None or not self._at_machine or not services.control.runs_error_cleanup:
            return error
        guest = self.builder.guest
        if step.provisioner.needs_guest and guest.communicator is None:
            self._note(f"{step.plan.title} is left out: the machine is not connected any more.")
            return error
        running = Step(step.plan, lambda context: step.run(context, guest, trace=False))
        failed: Failure | None = None
        try:
            async with asyncio.timeout(limit):
                failed = await self._attempt(running)
        except (TimeoutError, Interrupted):
            failed = Failure(summary="it was cut off")
        if failed is None:
            return error
        return f"Cleanup failed: {failed.summary.removesuffix('.')}. Original error: {error}"

    async def _clean_up(self, status: BuildStatus, error: str) -> str:
        """Leaves nothing behind; bounded, and each part tried even if another failed; the error then."""
        services = self.services
        if status == "cancelled":
            error = await self._clean_guest(error, CANCELLED_LIMIT)
        try:
            async with asyncio.timeout(CLOSE_LIMIT):
                await self.background.end()
                await self.builder.disconnect()
        except (TimeoutError, OSError) as problem:
            self._note(f"the connection to the guest was not closed in time: {problem}")
        services.emit(StepStarted(time=services.now(), build=self.name, step=CLEANUP.id, attempt=1))
        started = services.now()
        left = await self._dispose(status)
        self._finished(CLEANUP, "failed" if left else "done", services.now() - started, left)
        try:
            async with asyncio.timeout(CLOSE_LIMIT):
                await self.builder.close()
        except (TimeoutError, OSError, OxideError) as problem:
            self._note(f"the connection to the rack was not closed in time: {problem}")
        return error

    async def _end(self, status: BuildStatus, error: str, begun: float) -> None:
        """Tells what there is, and the end."""
        services = self.services
        for artifact in await self.post_processing.artifacts(status):
            services.emit(
                ArtifactMade(
                    time=services.now(), build=self.name, builder_id=artifact.builder_id,
                    id=artifact.id, name=artifact.name, fields=artifact.fields, text=artifact.text,
                    files=artifact.files,
                )
            )  # fmt: skip
        if status == "succeeded" and self.builder.result() is None:
            self._note(self.builder.without_artifact, "info")
        services.output.close()
        services.emit(
            BuildFinished(
                time=services.now(), build=self.name, status=status,
                seconds=services.now() - begun, error=error,
            )
        )  # fmt: skip

    async def _dispose(self, status: BuildStatus) -> Failure | None:
        """Deletes or leaves what the build made; a failure if something is left against our will."""
        services = self.services
        if status == "kept":
            if self.builder.private_key:
                path = services.folder.keep_key(self.name, self.builder.private_key)
                services.output.say(CLEANUP.id, f"Private key of the instance: {path}")
            left = await services.ledger.leave("kept on request", kept=True)
            for leftover in left:
                services.output.say(CLEANUP.id, f"Kept {leftover.record.name}: {leftover.command}")
            return None
        end = services.control.end
        if isinstance(end, Abort) and not end.cleanup:
            left = await services.ledger.leave("left without cleanup, as asked")
            return None
        left = await services.ledger.clean(self.builder.service, seconds=services.cleanup_seconds)
        if not left:
            return None
        names = ", ".join(leftover.record.name for leftover in left)
        lines = tuple(f"{item.record.name}: {item.reason}; {item.command}" for item in left)
        return Failure(
            summary=f"{names} could not be deleted; `oxtui sweep` lists and removes what is left",
            last_lines=lines,
        )

    def heard(self, event: Event) -> None:
        """Puts what cleanup does into its log as well."""
        if isinstance(event, ResourceDeleted) and event.made:
            self.services.output.say(CLEANUP.id, f"Deleted {event.kind} {event.name}")
        elif isinstance(event, ResourceLeft):
            self.services.output.say(
                CLEANUP.id, f"Left {event.kind} {event.name}: {event.reason}; {event.command}"
            )

    def _note(self, text: str, level: Level = "warning") -> None:
        self.services.emit(Noted(time=self.services.now(), build=self.name, text=text, level=level))


EXPECTED = (StepError, OxideError, OSError, ValueError)
"""Errors whose text is for the operator; any other is a fault of oxtui, and its trace goes to the log."""


def describe(error: Exception) -> Failure:
    """An error as the operator is told of it."""
    if isinstance(error, StepError):
        return error.failure
    if isinstance(error, ApiError):
        return Failure(summary=str(error), request_id=error.request_id or "")
    if isinstance(error, EXPECTED):
        return Failure(summary=str(error) or type(error).__name__)
    return Failure(
        summary=f"oxtui itself failed here ({type(error).__name__}: {error}). "
        "Retry the step; the trace in its log is for a bug report."
    )
