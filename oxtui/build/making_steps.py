"""The components of a planned build as steps that can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from oxtui.build.control import Control
from oxtui.build.plan import PlannedBuild
from oxtui.build.post_processing.step import PostProcessorStep
from oxtui.build.steps import ProvisionerStep
from oxtui.component.events import StepPlan
from oxtui.component.post_processing import PostProcessorSetting
from oxtui.component.protocols import ProvisionerSetting
from oxtui.component.recorder import Recorder
from oxtui.logs.redact import Redactor
from oxtui.template.legacy.interpolate import Interpolation


@dataclass(frozen=True, slots=True)
class StepMaker:
    """Makes the steps of a session's builds; `uuid` is the session's."""

    redactor: Redactor
    environ: Mapping[str, str]
    now: Callable[[], float]
    uuid: str
    force: bool

    def error_cleanup(
        self, planned: PlannedBuild, setting: ProvisionerSetting
    ) -> ProvisionerStep | None:
        """What cleans up in the guest after an error, if the template has it."""
        found = planned.error_cleanup
        if found is None:
            return None
        detail = self.shown(found.component.detail(found.options))
        plan = StepPlan(
            id="error-cleanup",
            kind="cleanup",
            title="clean up after error",
            detail=f"{found.title} {detail}".rstrip(),
        )
        return ProvisionerStep(plan, found.component, found.decode, found.common, setting)

    def provisioners(
        self, planned: PlannedBuild, setting: ProvisionerSetting, control: Control
    ) -> list[ProvisionerStep]:
        """The provisioners; the build stops where the template says."""
        steps = []
        for number, provisioner in enumerate(planned.provisioners, 1):
            stops = provisioner.options.stops
            plan = StepPlan(
                id=f"provision-{number}",
                kind="provision",
                title=f"{number} {provisioner.title}",
                detail=self.shown(provisioner.component.detail(provisioner.options)),
                breakpoint=stops,
            )
            if stops:
                control.reasons.of_template(plan.id, plan.detail)
            steps.append(
                ProvisionerStep(
                    plan, provisioner.component, provisioner.decode, provisioner.common, setting,
                    planned=provisioner.options, written=provisioner.written,
                )
            )  # fmt: skip
        return steps

    def post_processors(
        self,
        planned: PlannedBuild,
        interpolation: Interpolation,
        folder: Path,
        recorder: Recorder,
        opened: Callable[[str], dict[str, Any]],
    ) -> list[list[PostProcessorStep]]:
        """The chains of post-processors.

        Args:
            planned: their build.
            interpolation: of the build.
            folder: of the build.
            recorder: writes down what they create.
            opened: gives what takes what they open of one provider.
        """
        setting = PostProcessorSetting(
            planned.source_name, planned.builder_type, self.uuid, self.force, interpolation,
            self.now, environ={**self.environ, "PACKER_RUN_UUID": self.uuid},
            hide=self.redactor.add, folder=folder, recorder=recorder,
        )  # fmt: skip
        numbers = count(1)
        return [
            [
                PostProcessorStep(
                    StepPlan(
                        id=f"post-process-{next(numbers)}",
                        kind="post-process",
                        title=member.title,
                        detail=self.shown(member.component.detail(member.options)),
                    ),
                    member,
                    chain,
                    replace(setting, services=opened(member.component.provider)),
                )
                for member in members
            ]
            for chain, members in enumerate(planned.post_processors)
        ]

    def shown(self, detail: str) -> str:
        """Without secrets; one that was shortened may end in the middle of one, which no mask would find."""
        head, redactor = detail.removesuffix("…"), self.redactor
        return redactor.text(detail) if head == detail else redactor.beginning(head) + "…"
