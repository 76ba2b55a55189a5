"""Runs a step once, and tells why it failed."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from oxtui.build.error_lines import last_errors, written_lines
from oxtui.build.services import Services
from oxtui.build.steps import RunningStep
from oxtui.component.errors import StepError
from oxtui.component.events import Failure, StepStarted
from oxtui.component.protocols import Step
from oxtui.service import ServiceError


class Interrupted(Exception):
    """The operator ended the build while a step ran."""


class Attempts:
    """The attempts of one build's steps, counted by step; `before` are those of earlier processes."""

    def __init__(self, services: Services, before: Mapping[str, int]) -> None:
        self._services = services
        self._counts = dict(before)

    async def run(self, step: Step) -> Failure | None:
        """Runs a step once; its failure, or None.

        Raises:
            Interrupted: the operator ended the build meanwhile.
        """
        services, plan = self._services, step.plan
        attempt = self._counts[plan.id] = self._counts.get(plan.id, 0) + 1
        context = RunningStep(
            services.build, plan.id, services.output, services.emit, services.now,
            services.control.secret,
        )  # fmt: skip
        services.emit(
            StepStarted(time=services.now(), build=services.build, step=plan.id, attempt=attempt)
        )
        begun, first = services.now(), written_lines(self._log(plan.id))
        task = asyncio.ensure_future(step.run(context))
        services.control.interrupt = task.cancel
        failure: Failure | None = None
        try:
            await task
        except asyncio.CancelledError:
            services.finished(plan, "cancelled", services.now() - begun)
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
        seconds = services.now() - begun
        services.output.end(plan.id)
        try:
            if failure is not None:
                found = await asyncio.to_thread(last_errors, self._log(plan.id), first)
                failure = replace(failure, errors=found)
        finally:
            services.finished(plan, "failed" if failure else "done", seconds, failure)
        return failure

    def _log(self, step: str) -> Path | None:
        return self._services.folder.existing_spool(self._services.build, step)


EXPECTED = (StepError, ServiceError, OSError, ValueError)
"""Errors whose text is for the operator; any other is a fault of oxtui, and its trace goes to the log."""


def describe(error: Exception) -> Failure:
    """An error as the operator is told of it."""
    if isinstance(error, StepError):
        return error.failure
    if isinstance(error, ServiceError):
        return Failure(summary=str(error), request_id=error.request_id or "")
    if isinstance(error, EXPECTED):
        return Failure(summary=str(error) or type(error).__name__)
    return Failure(
        summary=f"oxtui itself failed here ({type(error).__name__}: {error}). "
        "Retry the step; the trace in its log is for a bug report."
    )
