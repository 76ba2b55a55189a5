"""The builds of a plan with all that they work with, ready to run."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from oxtui.build.adding import Adder
from oxtui.build.changes.collector import SHARED_NETWORK, Collector
from oxtui.build.changes.records import Sources
from oxtui.build.checkpoints.course import Course, whole_name
from oxtui.build.checkpoints.keeper import Keeper
from oxtui.build.control import Control, Policy
from oxtui.build.elsewhere import Elsewhere, no_demo
from oxtui.build.environment import Environment
from oxtui.build.making_steps import StepMaker
from oxtui.build.output import BuildOutput
from oxtui.build.plan import PlannedBuild
from oxtui.build.reconnect import Reconnector
from oxtui.build.resume.inheriting import InheritingLedger
from oxtui.build.resume.resumption import Resumption
from oxtui.build.runner import BuildRunner
from oxtui.build.services import Background, Services
from oxtui.build.session import SessionFolder
from oxtui.build.steps import ProvisionerStep
from oxtui.component.events import Event
from oxtui.component.protocols import Builder, BuilderSetting, ProvisionerSetting
from oxtui.template.legacy.interpolate import Interpolation
from oxtui.template.read.versions import PACKER_VERSION


@dataclass(frozen=True, slots=True)
class BuildMaker:
    """Makes the builds of one session.

    Attributes:
        environment: what the session runs in.
        policy: how builds stop and end.
        emit: takes the session's events.
        number: of the session.
        uuid: of the session, the same when it goes on.
        template: path or name of it.
        force: `-force` of the session.
        promote: as of the session.
        settle: as of the session.
        changes: whether guests are looked at for what builds changed in them.
    """

    environment: Environment
    policy: Policy
    emit: Callable[[Event], None]
    number: int
    uuid: str
    template: str
    force: bool
    promote: str
    settle: float
    changes: bool
    _claims: dict[str, str] = field(default_factory=dict)
    _passphrases: list[str] = field(default_factory=list, repr=False)

    def build(
        self, planned: PlannedBuild, folder: SessionFolder, before: Resumption | None
    ) -> BuildRunner:
        """A build of the plan; `before` is how far an earlier process of the session came with it."""
        environment, services = self.environment, self._services(planned.name, folder)
        background = Background(services.note)
        facts, interpolation = self._facts(planned, before)
        setting = self._setting(services, background, planned, facts["run_id"], interpolation)
        builder = planned.builder(planned.options, setting)
        provisioning = ProvisionerSetting(
            planned.source_name, planned.builder_type, interpolation,
            environ={**environment.environ, "PACKER_RUN_UUID": self.uuid},
        )  # fmt: skip
        maker = StepMaker(
            environment.redactor, environment.environ, environment.now, self.uuid, self.force
        )
        steps = maker.provisioners(planned, provisioning, services.control)
        adder = Adder(provisioning, maker.shown)
        if before is not None:
            adder.restore(before.build.added, steps, services.note)
        elsewhere = Elsewhere(Reconnector(environment.environ, no_demo))
        services.ledger.elsewhere = elsewhere
        chains = maker.post_processors(
            planned, interpolation, folder.build(planned.name), services.ledger, elsewhere.opened
        )
        if before is not None:
            before.restore([*steps, *chain.from_iterable(chains)])
        return BuildRunner(
            planned.name, builder, steps, services, background, chains,
            maker.error_cleanup(planned, provisioning),
            resumption=before, facts=facts, adder=adder,
            keeper=self._keeper(planned, builder, steps, services),
            collector=self._collector(services, builder),
        )  # fmt: skip

    def _services(self, name: str, folder: SessionFolder) -> Services:
        environment = self.environment
        ledger = InheritingLedger(
            environment.journal, self.number, name, self.emit, folder=folder, now=environment.now
        )
        ledger.settle = self.settle
        return Services(
            name,
            ledger,
            BuildOutput(name, folder.spool, environment.redactor, self.emit, environment.now),
            Control(
                name, self.policy, self.emit, environment.now,
                lambda step: folder.existing_spool(name, step),
            ),
            folder,
            self.emit,
            environment.now,
            environment.waits.cleanup,
            environment.journal.flush,
        )  # fmt: skip

    def _facts(
        self, planned: PlannedBuild, before: Resumption | None
    ) -> tuple[dict[str, Any], Interpolation]:
        """What a build has to know to go on that no component does, and what its templates can name."""
        known = planned.interpolation or Interpolation(
            started=datetime.fromtimestamp(self.environment.now(), UTC),
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
        return facts, replace(known, later=(), started=started)

    def _setting(
        self,
        services: Services,
        background: Background,
        planned: PlannedBuild,
        run_id: str,
        interpolation: Interpolation,
    ) -> BuilderSetting:
        environment, output = self.environment, services.output
        return BuilderSetting(
            build=planned.name,
            source_name=planned.source_name,
            run_id=run_id,
            interpolation=interpolation,
            connector=environment.connector(planned.name, self.emit),
            recorder=services.ledger,
            waits=environment.waits,
            force=self.force,
            emit=self.emit,
            now=environment.now,
            spawn=background.spawn,
            hide=environment.redactor.add,
            serial=lambda data: output.write("serial", "stdout", data),
            ssh_port=environment.ssh_port,
            promote=self.promote,
            run_uuid=self.uuid,
            environ=environment.environ,
            passphrases=self._passphrases,
            claims=self._claims,
        )

    def _collector(self, services: Services, builder: Builder) -> Collector | None:
        if not self.changes:
            return None
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
            self.number, whole_name(self.template), environment.journal, environment.checkpoints,
            environment.operator_key, environment.redactor, Path.cwd(), planned.written,
            followed=policy.attended, debugged=policy.debug and policy.attended,
        )  # fmt: skip
        return Keeper(course, builder.disk, steps, services, builder.service)
