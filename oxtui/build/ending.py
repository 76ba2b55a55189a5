"""How a build ends: the guest is cleaned up, what was made goes or stays, and the end is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from oxtui.build.attempts import Attempts, Interrupted
from oxtui.build.disposal import Leftover
from oxtui.build.journal import JournalError
from oxtui.build.ledger import KEPT
from oxtui.build.post_processing.processing import PostProcessing
from oxtui.build.services import Background, Services
from oxtui.build.steps import ProvisionerStep
from oxtui.component.commands import Abort
from oxtui.component.errors import StepError
from oxtui.component.events import (
    ArtifactMade,
    BuildFinished,
    BuildStatus,
    Event,
    Failure,
    ResourceDeleted,
    ResourceLeft,
    StepPlan,
    StepStarted,
)
from oxtui.component.protocols import Builder, Step
from oxtui.component.resources import title_of
from oxtui.service import ServiceError

CLEANUP = StepPlan(id="cleanup", kind="cleanup", title="clean up")
CLOSE_LIMIT = 10.0
CANCELLED_LIMIT = 60.0
"""Seconds that the error-cleanup-provisioner has in a build that was cancelled."""


class Ending:
    """The end of one build, whatever became of it."""

    def __init__(
        self,
        builder: Builder,
        services: Services,
        background: Background,
        attempts: Attempts,
        post_processing: PostProcessing,
        error_cleanup: ProvisionerStep | None,
    ) -> None:
        self._builder = builder
        self._services = services
        self._background = background
        self._attempts = attempts
        self._post_processing = post_processing
        self._error_cleanup = error_cleanup
        self.at_machine = False
        """Whether a step behind the last one that leads to the machine has begun."""

    @property
    def plans(self) -> tuple[StepPlan, ...]:
        """Its steps."""
        first = () if self._error_cleanup is None else (self._error_cleanup.plan,)
        return (*first, CLEANUP)

    async def clean_guest(self, error: str, limit: float | None = None) -> str:
        """Runs the error-cleanup-provisioner, where there is one and the machine was got at; the error then.

        `limit` is in seconds. A second request to end the build ends it as well.
        """
        step, services = self._error_cleanup, self._services
        if step is None or not self.at_machine or not services.control.runs_error_cleanup:
            return error
        guest = self._builder.guest
        if step.provisioner.needs_guest and guest.communicator is None:
            self._services.note(
                f"{step.plan.title} is left out: the machine is not connected any more."
            )
            return error
        running = Step(step.plan, lambda context: step.run(context, guest, trace=False))
        failed: Failure | None = None
        try:
            async with asyncio.timeout(limit):
                failed = await self._attempts.run(running)
        except (TimeoutError, Interrupted):
            failed = Failure(summary="it was cut off")
        if failed is None:
            return error
        return f"Cleanup failed: {failed.summary.removesuffix('.')}. Original error: {error}"

    async def clean_up(self, status: BuildStatus, error: str) -> str:
        """Leaves nothing behind; bounded, and each part tried even if another failed; the error then."""
        services = self._services
        if status == "succeeded":
            try:
                await self._builder.hand_over()
            except JournalError as problem:
                services.note(str(problem))
        if status == "cancelled":
            error = await self.clean_guest(error, CANCELLED_LIMIT)
        if self._leaves_machine(status):
            await self._sync()
        try:
            async with asyncio.timeout(CLOSE_LIMIT):
                await self._background.end()
                await self._builder.disconnect()
        except (TimeoutError, OSError) as problem:
            self._services.note(f"the connection to the guest was not closed in time: {problem}")
        services.emit(
            StepStarted(time=services.now(), build=services.build, step=CLEANUP.id, attempt=1)
        )
        started = services.now()
        left = await self._dispose(status)
        services.finished(CLEANUP, "failed" if left else "done", services.now() - started, left)
        try:
            async with asyncio.timeout(CLOSE_LIMIT):
                await self._builder.close()
        except (TimeoutError, OSError, ServiceError) as problem:
            self._services.note(f"the connection to the rack was not closed in time: {problem}")
        return error

    def _leaves_machine(self, status: BuildStatus) -> bool:
        end = self._services.control.end
        return status == "kept" or (isinstance(end, Abort) and not end.cleanup)

    async def _sync(self) -> None:
        """What was done is on the disk of a machine that is left, whatever happens to its power."""
        guest = self._builder.guest.communicator
        if guest is None or not self._builder.makes_machine:
            return
        told = "What the guest has not written is lost if the instance is stopped soon: "
        try:
            async with asyncio.timeout(CLOSE_LIMIT):
                status = await guest.run("sync", lambda _stream, _data: None)
        except (TimeoutError, OSError, StepError) as problem:
            self._services.note(f"{told}{problem or 'sync did not end'}")
        else:
            if status.status != 0:
                self._services.note(f"{told}sync ended with {status}")

    async def leave(self, status: BuildStatus, error: str, begun: float) -> None:
        """The end of a build that could not be taken up: nothing that it made is touched."""
        services = self._services
        try:
            async with asyncio.timeout(CLOSE_LIMIT):
                await self._background.end()
                await self._builder.disconnect()
                await self._builder.close()
        except (TimeoutError, OSError, ServiceError) as problem:
            services.note(f"the connection was not closed in time: {problem}")
        services.output.close()
        self._told(status, error, begun)

    async def end(self, status: BuildStatus, error: str, begun: float) -> None:
        """Tells what there is, and the end."""
        services = self._services
        for artifact in await self._post_processing.artifacts(status):
            services.emit(
                ArtifactMade(
                    time=services.now(), build=services.build, builder_id=artifact.builder_id,
                    id=artifact.id, name=artifact.name, fields=artifact.fields, text=artifact.text,
                    files=artifact.files, noun=artifact.noun,
                )
            )  # fmt: skip
        if status == "succeeded" and self._builder.result() is None:
            self._services.note(self._builder.without_artifact, "info")
        services.output.close()
        self._told(status, error, begun)

    def _told(self, status: BuildStatus, error: str, begun: float) -> None:
        services = self._services
        services.emit(
            BuildFinished(
                time=services.now(), build=services.build, status=status,
                seconds=services.now() - begun, error=error,
            )
        )  # fmt: skip

    def _keep_key(self, left: Sequence[Leftover]) -> None:
        """Whoever keeps the instance can log in to it, and go on with the build."""
        services = self._services
        if self._builder.private_key and services.ledger.has_machine(left):
            path = services.folder.keep_key(services.build, self._builder.private_key)
            services.output.say(CLEANUP.id, f"Private key of the instance: {path}")

    async def _dispose(self, status: BuildStatus) -> Failure | None:
        """Deletes or leaves what the build made; a failure if something is left against our will."""
        services = self._services
        if status == "kept":
            left = await services.ledger.leave(KEPT, kept=True)
            self._keep_key(left)
            for leftover in left:
                services.output.say(CLEANUP.id, f"Kept {leftover.record.name}: {leftover.command}")
            return None
        end = services.control.end
        if isinstance(end, Abort) and not end.cleanup:
            left = await services.ledger.leave("left without cleanup, as asked")
            self._keep_key(left)
            return None
        left = await services.ledger.clean(self._builder.service, seconds=services.cleanup_seconds)
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
        if isinstance(event, ResourceDeleted) and event.removed:
            self._services.output.say(CLEANUP.id, f"Deleted {title_of(event.kind)} {event.name}")
        elif isinstance(event, ResourceLeft):
            self._services.output.say(
                CLEANUP.id,
                f"Left {title_of(event.kind)} {event.name}: {event.reason}; {event.command}",
            )
