"""A session: builds that run side by side, one stream of events, one place for commands.

It is plain asyncio and belongs to no screen: whoever wants to follow subscribes.
"""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from oxtui.build.adding import Adder
from oxtui.build.connector import RackConnector
from oxtui.build.control import Control, Policy
from oxtui.build.folding import fold
from oxtui.build.journal import Journal
from oxtui.build.ledger import Ledger
from oxtui.build.masking import masked
from oxtui.build.output import BuildOutput
from oxtui.build.plan import Plan, PlannedBuild
from oxtui.build.post_processing.step import PostProcessorStep
from oxtui.build.runner import BuildRunner
from oxtui.build.services import Background, Services
from oxtui.build.session import SessionFolder, SessionFolders, write_private
from oxtui.build.state import SessionState
from oxtui.build.steps import ProvisionerStep
from oxtui.component.commands import Command
from oxtui.component.events import (
    BuildStatus,
    Event,
    Noted,
    SessionFinished,
    SessionStarted,
    StepPlan,
)
from oxtui.component.post_processing import PostProcessorSetting
from oxtui.component.protocols import BuilderSetting, ProvisionerSetting
from oxtui.logs.redact import Redactor
from oxtui.oxide.credentials import Connection
from oxtui.settings.sections import Waits
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
    config_dir: Path
    """Of the Oxide credentials."""
    connected: Connection | None = None
    ssh_port: int | None = None
    """Where a simulated rack's instances listen."""
    simulated: bool = False
    now: Callable[[], float] = time.time


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
        self.number = await environment.journal.begin_session(
            template, host=host, simulated=environment.simulated
        )
        begun = environment.now()
        with ExitStack() as stack:
            self._folder = stack.enter_context(environment.folders.claim(self.number))
            text = environment.redactor.text(self.plan.text)
            await asyncio.to_thread(write_private, self._folder.template, text)
            self._emit(
                SessionStarted(
                    time=begun, session=str(self.number), template=template, host=host,
                    simulated=environment.simulated,
                )
            )  # fmt: skip
            turns = asyncio.Semaphore(self.parallel or len(self.plan.builds) or 1)
            try:
                async with asyncio.TaskGroup() as group:
                    tasks = [
                        group.create_task(self._build(build, self._folder, turns))
                        for build in self.plan.builds
                    ]
                statuses = [task.result() for task in tasks]
            except BaseException:
                self._end("cancelled", begun)
                raise
            finished = self._end(min(statuses, key=_WORST_FIRST.index), begun)
            await environment.journal.flush()
        return finished

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

    async def _build(
        self, planned: PlannedBuild, folder: SessionFolder, turns: asyncio.Semaphore
    ) -> BuildStatus:
        environment = self.environment
        name = planned.name
        control = Control(name, self.policy, self._emit, environment.now)
        self._controls[name] = control
        output = BuildOutput(name, folder.spool, environment.redactor, self._emit, environment.now)
        ledger = Ledger(
            environment.journal, self.number, name, self._emit, folder=folder, now=environment.now
        )
        background = Background(
            lambda text: self._emit(
                Noted(time=environment.now(), build=name, text=text, level="warning")
            )
        )
        known = planned.interpolation or Interpolation(
            started=datetime.fromtimestamp(environment.now(), UTC),
            build_name=planned.source_name,
            builder_type=planned.builder_type,
            packer_version=PACKER_VERSION,
        )
        interpolation = replace(known, later=())
        builder = planned.builder(
            planned.options,
            BuilderSetting(
                build=name,
                source_name=planned.source_name,
                run_id=secrets.token_hex(2),
                interpolation=interpolation,
                connector=RackConnector(
                    name, environment.environ, environment.config_dir, environment.connected,
                    self._emit, environment.redactor.add, environment.now,
                ),
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
        steps = self._provisioners(planned, setting, control)
        services = Services(
            name,
            ledger,
            output,
            control,
            folder,
            self._emit,
            environment.now,
            environment.waits.cleanup,
        )
        chains = self._post_processors(planned, interpolation)
        cleanup = self._error_cleanup(planned, setting)
        runner = BuildRunner(
            name, builder, steps, services, background, chains, cleanup,
            adder=Adder(setting, self._shown),
        )  # fmt: skip
        self._runners[name] = runner
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

    def _error_cleanup(
        self, planned: PlannedBuild, setting: ProvisionerSetting
    ) -> ProvisionerStep | None:
        found = planned.error_cleanup
        if found is None:
            return None
        detail = self._shown(found.component.detail(found.options))
        plan = StepPlan(
            id="error-cleanup",
            kind="cleanup",
            title="clean up after error",
            detail=f"{found.title} {detail}".rstrip(),
        )
        return ProvisionerStep(plan, found.component, found.decode, found.common, setting)

    def _provisioners(
        self, planned: PlannedBuild, setting: ProvisionerSetting, control: Control
    ) -> list[ProvisionerStep]:
        steps = []
        for number, provisioner in enumerate(planned.provisioners, 1):
            stops = provisioner.options.stops
            plan = StepPlan(
                id=f"provision-{number}",
                kind="provision",
                title=f"{number} {provisioner.title}",
                detail=self._shown(provisioner.component.detail(provisioner.options)),
                breakpoint=stops,
            )
            if stops:
                control.set_breakpoint(plan.id, plan.detail)
            steps.append(
                ProvisionerStep(
                    plan, provisioner.component, provisioner.decode, provisioner.common, setting
                )
            )
        return steps

    def _post_processors(
        self, planned: PlannedBuild, interpolation: Interpolation
    ) -> list[list[PostProcessorStep]]:
        setting = PostProcessorSetting(
            planned.source_name, planned.builder_type, self._uuid, self.force, interpolation,
            self.environment.now, environ={**self.environment.environ, "PACKER_RUN_UUID": self._uuid},
        )  # fmt: skip
        numbers = count(1)
        return [
            [
                PostProcessorStep(
                    StepPlan(
                        id=f"post-process-{next(numbers)}",
                        kind="post-process",
                        title=member.title,
                        detail=self._shown(member.component.detail(member.options)),
                    ),
                    member,
                    chain,
                    setting,
                )
                for member in members
            ]
            for chain, members in enumerate(planned.post_processors)
        ]

    def _shown(self, detail: str) -> str:
        """Without secrets; one that was shortened may end in the middle of one, which no mask would find."""
        head, redactor = detail.removesuffix("…"), self.environment.redactor
        return redactor.text(detail) if head == detail else redactor.beginning(head) + "…"

    def _emit(self, event: Event) -> None:
        event = masked(event, self.environment.redactor.text)
        self.state = fold(self.state, event)
        self.environment.journal.append(self.number, event)
        for callback in list(self._subscribers):
            callback(event)
