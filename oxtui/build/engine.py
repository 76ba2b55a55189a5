"""A session: builds that run side by side, one stream of events, one place for commands.

It is plain asyncio and belongs to no screen: whoever wants to follow subscribes.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from oxtui.build.adding import Adder
from oxtui.build.changes.collector import SHARED_NETWORK, Collector
from oxtui.build.changes.records import Sources
from oxtui.build.checkpoints.course import Course, whole_name
from oxtui.build.checkpoints.digests import operator_key
from oxtui.build.checkpoints.keeper import Keeper
from oxtui.build.connector import ServiceConnector, unheard
from oxtui.build.control import Control, Policy
from oxtui.build.disposal import SETTLE_SECONDS
from oxtui.build.elsewhere import Elsewhere, no_demo
from oxtui.build.folding import fold
from oxtui.build.journal import Journal
from oxtui.build.making_steps import StepMaker
from oxtui.build.masking import masked
from oxtui.build.output import BuildOutput
from oxtui.build.plan import Plan, PlannedBuild
from oxtui.build.reconnect import Reconnector
from oxtui.build.resume.choices import Choices
from oxtui.build.resume.continued import Continued
from oxtui.build.resume.inheriting import InheritingLedger
from oxtui.build.resume.resumption import Resumption, standing, stays_ended
from oxtui.build.runner import BuildRunner
from oxtui.build.services import Background, Services
from oxtui.build.session import SessionFolder, SessionFolders, write_private
from oxtui.build.state import SessionState
from oxtui.build.steps import ProvisionerStep
from oxtui.build.stops import UnknownStep
from oxtui.component.commands import Command
from oxtui.component.debugger_events import SessionContinued
from oxtui.component.events import (
    BuildStatus,
    Event,
    Noted,
    SessionFinished,
    SessionStarted,
)
from oxtui.component.protocols import Builder, BuilderSetting, ProvisionerSetting
from oxtui.component.providers import Place
from oxtui.logs.redact import Redactor
from oxtui.settings.sections import Checkpoints, Waits
from oxtui.template.legacy.interpolate import Interpolation
from oxtui.template.read.versions import PACKER_VERSION

_WORST_FIRST: tuple[BuildStatus, ...] = ("failed", "cancelled", "kept", "succeeded")


@dataclass(frozen=True, slots=True)
class Environment:
    """What sessions run in; made once by the program and passed in."""

    journal: Journal
    folders: SessionFolders
    redactor: Redactor
    waits: Waits
    environ: Mapping[str, str]
    connected: Place | None = None
    """The service that the operator already works with."""
    ssh_port: int | None = None
    """Where a simulated rack's instances listen."""
    simulated: bool = False
    now: Callable[[], float] = time.time
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    data: Path | None = None
    """Where the operator's key for digests of secrets is; None: one for this process alone."""

    def connector(
        self, build: str = "", emit: Callable[[Event], None] = unheard
    ) -> ServiceConnector:
        """Opens clients of services; `emit` is told of every call, as one of that build."""
        return ServiceConnector(
            self.environ, self.connected, self.redactor.add, self.now, build, emit
        )

    def operator_key(self) -> bytes:
        """The key for digests of secrets.

        Raises:
            OSError: it can be neither read nor written.
        """
        return operator_key(self.data) if self.data is not None else secrets.token_bytes(32)


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
    _claims: dict[str, str] = field(default_factory=dict)
    _passphrases: list[str] = field(default_factory=list, repr=False)
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
            prepared = {
                build.name: await self._prepared(build, self._folder) for build in self.plan.builds
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

    async def _prepared(self, planned: PlannedBuild, folder: SessionFolder) -> BuildRunner | None:
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
        return self._runner(planned, folder, before)

    def _stays(self, name: str) -> BuildStatus:
        """How a build ended that does not go on."""
        was = self.state.builds[name]
        if standing(was) == "over":
            return "succeeded"
        return stays_ended(was, self._emit, self.environment.now())

    def _runner(
        self, planned: PlannedBuild, folder: SessionFolder, before: Resumption | None
    ) -> BuildRunner:
        environment = self.environment
        name = planned.name
        control = Control(
            name, self.policy, self._emit, environment.now,
            lambda step: folder.existing_spool(name, step),
        )  # fmt: skip
        self._controls[name] = control
        output = BuildOutput(name, folder.spool, environment.redactor, self._emit, environment.now)
        ledger = InheritingLedger(
            environment.journal, self.number, name, self._emit, folder=folder, now=environment.now
        )
        ledger.settle = self.settle

        def warn(text: str) -> None:
            self._emit(Noted(time=environment.now(), build=name, text=text, level="warning"))

        background = Background(warn)
        known = planned.interpolation or Interpolation(
            started=datetime.fromtimestamp(environment.now(), UTC),
            build_name=planned.source_name,
            builder_type=planned.builder_type,
            packer_version=PACKER_VERSION,
        )
        facts: dict[str, Any] = {
            "run_id": secrets.token_hex(2),
            "started": known.started.timestamp(),
        }
        if before is not None:  # names that hold the time of the start stay as they are
            facts |= {key: before.memory[key] for key in facts if key in before.memory}
        started = datetime.fromtimestamp(facts["started"], UTC)
        interpolation = replace(known, later=(), started=started)
        builder = planned.builder(
            planned.options,
            BuilderSetting(
                build=name,
                source_name=planned.source_name,
                run_id=facts["run_id"],
                interpolation=interpolation,
                connector=environment.connector(name, self._emit),
                recorder=ledger,
                waits=environment.waits,
                force=self.force,
                emit=self._emit,
                now=environment.now,
                spawn=background.spawn,
                hide=environment.redactor.add,
                serial=lambda data: output.write("serial", "stdout", data),
                ssh_port=environment.ssh_port,
                promote=self.promote,
                run_uuid=self._uuid,
                environ=environment.environ,
                passphrases=self._passphrases,
                claims=self._claims,
            ),
        )  # fmt: skip
        setting = ProvisionerSetting(
            planned.source_name,
            planned.builder_type,
            interpolation,
            environ={**environment.environ, "PACKER_RUN_UUID": self._uuid},
        )
        maker = StepMaker(
            environment.redactor, environment.environ, environment.now, self._uuid, self.force
        )
        steps = maker.provisioners(planned, setting, control)
        adder = Adder(setting, maker.shown)
        if before is not None:
            adder.restore(before.build.added, steps, warn)
        services = Services(
            name,
            ledger,
            output,
            control,
            folder,
            self._emit,
            environment.now,
            environment.waits.cleanup,
            environment.journal.flush,
        )
        ledger.elsewhere = elsewhere = Elsewhere(Reconnector(environment.environ, no_demo))
        chains = maker.post_processors(
            planned, interpolation, folder.build(name), ledger, elsewhere.opened
        )
        cleanup = maker.error_cleanup(planned, setting)
        if before is not None:
            before.restore([*steps, *chain.from_iterable(chains)])
        keeper = self._keeper(planned, builder, steps, services)
        collector = self._collector(services, builder) if self.changes else None
        runner = BuildRunner(
            name, builder, steps, services, background, chains, cleanup,
            resumption=before, facts=facts, keeper=keeper, collector=collector,
            adder=adder,
        )  # fmt: skip
        self._runners[name] = runner
        return runner

    def _collector(self, services: Services, builder: Builder) -> Collector:
        environment = self.environment
        sources = Sources(environment.folders.sources)
        without = SHARED_NETWORK if environment.simulated else None
        return Collector(services, builder, environment.redactor.text, sources, without)

    def _keeper(
        self,
        planned: PlannedBuild,
        builder: Builder,
        steps: list[ProvisionerStep],
        services: Services,
    ) -> Keeper | None:
        """Of the checkpoints of a build, where its machine has a disk that provisioners work on."""
        if builder.disk is None or not builder.has_guest(planned.options):
            return None
        environment, policy = self.environment, self.policy
        course = Course(
            self.number, whole_name(self.plan.template), environment.journal, environment.checkpoints,
            environment.operator_key, environment.redactor, Path.cwd(), planned.written,
            followed=policy.attended, debugged=policy.debug and policy.attended,
        )  # fmt: skip
        return Keeper(course, builder.disk, steps, services, builder.service)

    def _emit(self, event: Event) -> None:
        event = masked(event, self.environment.redactor.text)
        self.state = fold(self.state, event)
        self.environment.journal.append(self.number, event)
        for callback in list(self._subscribers):
            callback(event)
