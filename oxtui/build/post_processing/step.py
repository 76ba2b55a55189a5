"""A post-processor as a step of a build: decoded, run, and its artifact handed on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from oxtui.build.plan import PlannedPostProcessor
from oxtui.build.post_processing.chains import Chains
from oxtui.build.steps import changed_options
from oxtui.component.errors import StepError
from oxtui.component.events import StepPlan
from oxtui.component.post_processing import Moment, PostProcessorSetting, Rehearses
from oxtui.component.protocols import Guest, Step, StepContext

if TYPE_CHECKING:
    from oxtui.component.options import Options
    from oxtui.component.snapshots import SnapshotReader


@dataclass(slots=True)
class PostProcessorStep:
    """A post-processor of the template, as a step that can be edited and run again."""

    plan: StepPlan
    planned: PlannedPostProcessor
    chain: int
    setting: PostProcessorSetting
    changes: dict[str, Any] = field(default_factory=dict)
    """Options that the operator changed in this session."""

    @property
    def schema(self) -> type[Options]:
        """What declares its options."""
        return self.planned.component.Options

    @property
    def moment(self) -> Moment:
        """When it runs."""
        return self.planned.moment

    def options(self, guest: Guest) -> Options:
        """Decoded just before it runs, with what the operator changed.

        Raises:
            StepError: an option is wrong.
        """
        return changed_options(self.planned.decode(guest.values), self.changes, self.plan.title)

    @property
    def rehearsal(self) -> Step | None:
        """The step that looks, before anything is made, whether this one can do its work; None if none can tell."""
        made = self.planned.component(self.planned.options, self.setting)
        if not isinstance(made, Rehearses):
            return None
        plan = StepPlan(
            id=f"{self.plan.id}-check", kind="prepare", title="check", detail=self.planned.title
        )
        return Step(plan, made.rehearse)

    async def run(
        self, context: StepContext, guest: Guest, chains: Chains, snapshot: SnapshotReader | None
    ) -> None:
        """Processes what its chain has come to.

        Raises:
            StepError: it failed; what it was given is as it was.
        """
        component = self.planned.component
        given = chains.given(self.chain, sealed=self.moment != "before_seal")
        context.say(f"Running post-processor: {self._announced}")
        options = await asyncio.to_thread(self.options, guest)
        if (now := component.moment(options)) != self.moment:
            raise StepError(
                f"{self.plan.title} would have to run {now.replace('_', ' ')} with these options, and the "
                f"build was planned to run it {self.moment.replace('_', ' ')}. Take them back and retry, or "
                "write them in the template and build again."
            )
        values: Mapping[str, Any] = dict(guest.values)
        setting = replace(self.setting, values=values, guest=guest, snapshot=snapshot)
        made = await component(options, setting).process(context, given)
        keep = self._keeps
        if given.stays and given.text and not keep:
            context.say(
                f"{given.text} stays: oxtui removes nothing from a rack for a post-processor"
            )
        for problem in await chains.done(self.chain, given, made, keep=keep):
            context.note(problem, "warning")

    @property
    def _keeps(self) -> bool:
        component, told = self.planned.component, self.planned.keep_input
        if told is None or (component.keeps_input and component.forces_keep):
            return component.keeps_input
        return told

    @property
    def _announced(self) -> str:
        """As Packer has it (packer.md part 5): two blanks for one without a name."""
        name, kind = self.planned.name, self.planned.type_name
        return kind if name == kind else f"{name} (type {kind})"
