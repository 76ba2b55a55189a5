"""A session: builds that run side by side, one stream of events, one place for commands.

It is plain asyncio and belongs to no screen: whoever wants to follow subscribes.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from oxtui.build.control import Control, Policy
from oxtui.build.disposal import SETTLE_SECONDS
from oxtui.build.environment import Environment
from oxtui.build.folding import fold
from oxtui.build.making_builds import BuildMaker
from oxtui.build.masking import masked
from oxtui.build.plan import Plan, PlannedBuild
from oxtui.build.resume.choices import Choices
from oxtui.build.resume.continued import Continued
from oxtui.build.resume.resumption import Resumption, standing, stays_ended
from oxtui.build.runner import BuildRunner
from oxtui.build.session import SessionFolder, write_private
from oxtui.build.state import SessionState
from oxtui.build.stops import UnknownStep
from oxtui.component.commands import Command
from oxtui.component.debugger_events import SessionContinued
from oxtui.component.events import BuildStatus, Event, SessionFinished, SessionStarted

_WORST_FIRST: tuple[BuildStatus, ...] = ("failed", "cancelled", "kept", "succeeded")


@dataclass(slots=True)
class Session:
    """One run of a plan. Readers subscribe; `run` returns when all builds have ended."""

    environment: Environment
    plan: Plan
    policy: Policy
    force: bool = False
    promote: str = ""
    """What asked for images to be promoted to the silo (`oxtui.build.promotion`); empty if nothing."""
    parallel: int = 0
    """How many builds run at a time, in the order of the template; 0 runs all of them."""
    continues: Continued | None = None
    """The session that goes on; None for a new one."""
    settle: float = SETTLE_SECONDS
    """Seconds after which what a session that goes on asked for, and got no answer, is not made any more."""
    choices: Choices = field(default_factory=Choices)
    """Of a session that goes on: how it does."""
    changes: bool = False
    """Whether guests are looked at for what the build changed in them."""
    state: SessionState = field(default_factory=SessionState)
    number: int = 0
    _folder: SessionFolder | None = None
    _controls: dict[str, Control] = field(default_factory=dict)
    _runners: dict[str, BuildRunner] = field(default_factory=dict)
    _uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    _subscribers: list[Callable[[Event], None]] = field(default_factory=list)

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Calls back for each event, on the event loop; the result ends that."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    async def command(self, command: Command) -> None:
        """Hands a command to the build that it names, or to all."""
        for name, control in list(self._controls.items()):
            if command.build in ("", name):
                control.command(command)

    def spool(self, build: str, step: str) -> Path | None:
        """The file of a step's output (`serial`: the console's), if there is any yet."""
        if self._folder is None:
            return None
        return self._folder.existing_spool(build, step)

    def runner(self, build: str) -> BuildRunner | None:
        """The running build of that name."""
        return self._runners.get(build)

    async def run(self) -> SessionFinished:
        """Runs every build of the plan side by side; cancelling it cleans up first.

        Raises:
            JournalError: the journal cannot be written; nothing was made.
        """
        environment = self.environment
        host = environment.connected.host if environment.connected else ""
        template = self.plan.template
        begun = environment.now()
        if self.continues is None:
            self.number = await environment.journal.begin_session(
                template, host=host, simulated=environment.simulated, given=self._given()
            )
            start: Event = SessionStarted(
                time=begun, session=str(self.number), template=template, host=host,
                simulated=environment.simulated,
            )  # fmt: skip
        else:
            self.number, self._uuid = self.continues.number, self.continues.given.uuid
            start = SessionContinued(time=begun, pid=os.getpid(), session=str(self.number))
        with ExitStack() as stack:
            self._folder = stack.enter_context(environment.folders.claim(self.number))
            if self.continues is not None:
                self.state = await self.continues.claimed(environment.journal)
            text = environment.redactor.text(self.plan.text)
            await asyncio.to_thread(write_private, self._folder.template, text)
            maker = self._maker()
            prepared = {
                build.name: await self._prepared(maker, build, self._folder)
                for build in self.plan.builds
            }
            runners = [runner for runner in prepared.values() if runner is not None]
            self._plan_stops(runners)
            self._emit(start)
            ended = [self._stays(name) for name, runner in prepared.items() if runner is None]
            turns = asyncio.Semaphore(self.parallel or len(self.plan.builds) or 1)
            try:
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(self._build(each, turns)) for each in runners]
                statuses = [*ended, *(task.result() for task in tasks)]
            except BaseException:
                self._end("cancelled", begun)
                raise
            finished = self._end(min(statuses, key=_WORST_FIRST.index), begun)
            await environment.journal.flush()
        return finished

    def _given(self) -> str:
        given = self.plan.given
        if given is None:
            return ""
        whole = replace(
            given, uuid=self._uuid, force=self.force, promote=self.promote, parallel=self.parallel
        )
        return whole.written(self.environment.redactor.text)

    def _end(self, status: BuildStatus, begun: float) -> SessionFinished:
        left = sum(
            resource.phase == "left"
            for build in self.state.builds.values()
            for resource in build.resources.values()
        )
        now = self.environment.now()
        finished = SessionFinished(time=now, status=status, seconds=now - begun, leftovers=left)
        self._emit(finished)
        return finished

    def _plan_stops(self, runners: Sequence[BuildRunner]) -> None:
        """Stops at steps are set where a build has such.

        Raises:
            UnknownStep: no build has it.
        """
        stopping = self.policy.stopping
        steps = {runner.name: runner.plan().steps for runner in runners}
        found = {
            each
            for runner in runners
            for each in runner.services.control.reasons.planned(steps[runner.name])
        }
        if self.continues is not None:
            for runner in runners:
                if (was := self.state.builds.get(runner.name)) is not None:
                    reasons = runner.services.control.reasons
                    reasons.continued(was, self.choices)
        for _, name in stopping.steps if stopping.required else ():
            if name not in found:
                now = self.environment.now()
                ended = SessionFinished(time=now, status="failed", seconds=0.0)
                self.environment.journal.append(self.number, ended)  # nobody heard of it yet
                raise UnknownStep(name, steps)

    async def _build(self, runner: BuildRunner, turns: asyncio.Semaphore) -> BuildStatus:
        name = runner.name
        unsubscribe = self.subscribe(
            lambda event: runner.heard(event) if event.build == name else None
        )
        try:
            if turns.locked():
                self._emit(runner.plan())  # readers see what waits for its turn
            async with turns:
                return await runner.run()
        finally:
            unsubscribe()
            del self._controls[name]

    def _maker(self) -> BuildMaker:
        return BuildMaker(
            self.environment, self.policy, self._emit, self.number, self._uuid, self.plan.template,
            self.force, self.promote, self.settle, self.changes,
        )  # fmt: skip

    async def _prepared(
        self, maker: BuildMaker, planned: PlannedBuild, folder: SessionFolder
    ) -> BuildRunner | None:
        """A build that is ready to run; None of one that does not go on."""
        before = None
        if self.continues is not None:
            match standing(was := self.state.builds.get(planned.name)):
                case "over" | "gone":
                    return None
                case "open" if was is not None:
                    now = self.environment.now
                    before = await asyncio.to_thread(
                        Resumption.read, was, folder, now, self.choices
                    )
        runner = maker.build(planned, folder, before)
        self._controls[planned.name] = runner.services.control
        self._runners[planned.name] = runner
        return runner

    def _stays(self, name: str) -> BuildStatus:
        """How a build ended that does not go on."""
        was = self.state.builds[name]
        if standing(was) == "over":
            return "succeeded"
        return stays_ended(was, self._emit, self.environment.now())

    def _emit(self, event: Event) -> None:
        event = masked(event, self.environment.redactor.text)
        self.state = fold(self.state, event)
        self.environment.journal.append(self.number, event)
        for callback in list(self._subscribers):
            callback(event)
