"""What a build works with while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from oxtui.build.control import Control
from oxtui.build.journal import JournalError
from oxtui.build.output import BuildOutput
from oxtui.build.resume.inheriting import InheritingLedger
from oxtui.build.session import SessionFolder
from oxtui.component.events import Event, Failure, Level, Noted, StepFinished, StepPlan, StepStatus


@dataclass(slots=True)
class Services:
    """What a build works with, made by its session; `build` is its name."""

    build: str
    ledger: InheritingLedger
    output: BuildOutput
    control: Control
    folder: SessionFolder
    emit: Callable[[Event], None]
    now: Callable[[], float]
    cleanup_seconds: float
    flush: Callable[[], Awaitable[None]]
    """Returns once what was told is in the journal."""

    def note(self, text: str, level: Level = "warning") -> None:
        """A sentence for the operator."""
        self.emit(Noted(time=self.now(), build=self.build, text=text, level=level))

    async def written(self) -> None:
        """What is done is known to whoever goes on if this process is killed now; it is not done twice."""
        try:
            await self.flush()
        except JournalError as error:
            self.note(str(error))

    def finished(
        self, plan: StepPlan, status: StepStatus, seconds: float, failure: Failure | None = None
    ) -> None:
        """The step ended; its log is complete."""
        self.output.end(plan.id)
        self.emit(
            StepFinished(
                time=self.now(), build=self.build, step=plan.id, status=status, seconds=seconds,
                failure=failure,
            )
        )  # fmt: skip


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
