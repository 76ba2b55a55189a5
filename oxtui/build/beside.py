"""What is done while a build stands still, without ending the stop: one thing at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from oxtui.build.attempts import describe
from oxtui.build.services import Services
from oxtui.build.shield import shielded
from oxtui.build.steps import RunningStep
from oxtui.component.commands import Beside, command_name
from oxtui.component.debugger_events import BesideFinished, BesideStarted
from oxtui.component.errors import StepError
from oxtui.component.events import StepPlan
from oxtui.component.protocols import StepContext


@dataclass(frozen=True, slots=True)
class Performer:
    """How commands of one type are performed; `run` gets the command and writes into the step's log."""

    told: Callable[[Any], str]
    """What a command is about, in a few words."""
    run: Callable[[Any, StepContext], Awaitable[None]]
    """Does it. Raises StepError; a cancellation ends what it began."""
    refused: Callable[[], str] = lambda: ""
    """Why it cannot be done now, as the end of a sentence that begins with the command; empty if it can."""


class BesideStop:
    """The commands of a build that do not end its stop. `services` is what the build works with."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._performers: dict[type[Beside], Performer] = {}
        self._at_once: dict[type[Beside], Callable[[Any], None]] = {}
        self._task: asyncio.Task[None] | None = None
        self.busy = ""
        """What is done just now; empty if nothing is."""
        self._work = ExitStack()
        """Held while something is done: the stop does not end by itself meanwhile."""

    def add(self, kind: type[Beside], performer: Performer) -> None:
        """From now on commands of that type are performed so."""
        self._performers[kind] = performer

    def add_at_once(self, kind: type[Beside], perform: Callable[[Any], None]) -> None:
        """Commands of that type take no time and nothing in the guest; `perform` raises StepError."""
        self._at_once[kind] = perform

    def possible(self) -> tuple[type[Beside], ...]:
        """Types of commands that can be performed now."""
        lasting = (kind for kind, each in self._performers.items() if not each.refused())
        return (*lasting, *self._at_once)

    def start(self, command: Beside, step: StepPlan) -> str:
        """Begins to perform it in the log of `step`; why not, as the end of a sentence, else empty."""
        if (perform := self._at_once.get(type(command))) is not None:
            try:
                perform(command)
            except StepError as error:
                self._services.note(str(error))
            return ""
        performer = self._performers.get(type(command))
        if performer is None:
            return "does not apply here"
        if self.busy:
            return f"waits until {self.busy} is done; cancel that first"
        if why := performer.refused():
            return why
        services, self.busy = self._services, performer.told(command)
        place: dict[str, Any] = {
            "build": services.build, "step": step.id, "kind": command_name(command),
        }  # fmt: skip
        context = RunningStep(
            services.build, step.id, services.output, services.emit, services.now,
            services.control.secret,
        )  # fmt: skip
        self._work.enter_context(services.control.occupied())
        services.emit(BesideStarted(time=services.now(), text=self.busy, **place))
        self._task = asyncio.create_task(_performed(performer, command, context))
        # Also of a task that is cancelled before it begins the end is told.
        self._task.add_done_callback(lambda task: self._over(task, context, place))
        return ""

    def cancel(self) -> bool:
        """Ends what is done; False if nothing is."""
        return bool(self.busy and self._task is not None and self._task.cancel())

    async def end(self) -> None:
        """Ends what is done and waits until it has ended."""
        if self._task is not None and self.cancel():
            await shielded(_ended(self._task))

    def _over(self, task: asyncio.Task[None], context: RunningStep, place: dict[str, Any]) -> None:
        services, problem = self._services, ""
        with suppress(OSError):  # a full disk, which steps tell
            if task.cancelled():
                problem = "It was cancelled."
                context.say("Cancelled")
            elif isinstance(error := task.exception(), Exception):
                # Whatever it is: the build stands as it stood.
                problem = describe(error).summary
                context.say(f"Failed: {problem}")
            services.output.end(context.step)
        self.busy = ""
        self._work.close()
        services.emit(BesideFinished(time=services.now(), problem=problem, **place))


async def _performed(performer: Performer, command: Beside, context: RunningStep) -> None:
    await performer.run(command, context)


async def _ended(task: asyncio.Task[None]) -> None:
    await asyncio.wait([task])
