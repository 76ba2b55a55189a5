"""What an operator changes of the steps of a build while it runs: options, and provisioners that are added."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oxtui.build.adding import Adder
from oxtui.build.checkpoints.keeper import Keeper
from oxtui.build.edits import edit
from oxtui.build.post_processing.processing import PostProcessing
from oxtui.build.post_processing.step import PostProcessorStep
from oxtui.build.services import Services
from oxtui.build.step_list import StepList
from oxtui.build.steps import ProvisionerStep
from oxtui.component.commands import AddProvisioner
from oxtui.component.debugger_events import ProvisionerAdded, StepMarkedDone
from oxtui.component.errors import StepError
from oxtui.component.events import StepPlan
from oxtui.component.protocols import Builder, Step


class StepChanges:
    """Changes steps, and tells of it.

    Args:
        builder: of the build.
        provisioners: of the build, in their order.
        post_processing: its chains.
        services: what it works with.
        adder: makes provisioners that the template does not have; None where none can be added.
        keeper: of the builder's machine, where that has checkpoints.
    """

    def __init__(
        self,
        builder: Builder,
        provisioners: Sequence[ProvisionerStep],
        post_processing: PostProcessing,
        services: Services,
        adder: Adder | None,
        keeper: Keeper | None,
    ) -> None:
        self._builder = builder
        self._post_processing = post_processing
        self._services = services
        self._adder = adder
        self._keeper = keeper
        self.provisioners = {step.plan.id: step for step in provisioners}
        """By id, those that were added among them."""

    def editable(self, step: str) -> ProvisionerStep | PostProcessorStep | None:
        """The step of that id, if it has options that can be edited."""
        return self.provisioners.get(step) or self._post_processing.links.get(step)

    async def edit(self, plan: StepPlan, changes: Mapping[str, Any]) -> None:
        """Changes options of a step from its next attempt on; that it has none is told."""
        if self.editable(plan.id) is None:
            self._services.note(f"{plan.title} has no options to edit; it is run again as it is.")
            return
        await self.change(plan.id, changes)

    async def change(self, id_: str, changes: Mapping[str, Any]) -> None:
        """Changes options of the step of that id, if it has such."""
        services, step = self._services, self.editable(id_)
        if step is not None:
            guest = self._builder.guest
            services.emit(await edit(step, changes, guest, services.build, services.now))

    def add(
        self, command: AddProvisioner, steps: StepList, runs: Callable[[ProvisionerStep], Step]
    ) -> None:
        """Puts a provisioner into the session, in front of the step that the build stands at.

        One whose work was done by hand is passed over, and runs where that step and those behind it are
        run again on another machine. Any other runs when the build goes on.

        Args:
            command: what is added.
            steps: where it is put.
            runs: makes a step of the build of it.

        Raises:
            StepError: there is no such provisioner, or it cannot have these options.
        """
        services, done = self._services, command.done
        place = steps.place(done=done)
        if self._adder is None:
            raise StepError("No provisioner can be added to this build.")
        step = self._adder.step(command.type_name, command.options)
        self.provisioners[step.plan.id] = step
        if self._keeper is not None:
            self._keeper.steps.insert(place, step)
        services.emit(
            ProvisionerAdded(
                time=services.now(), build=services.build,
                after=steps.add(runs(step), place, done=done),
                plan=step.plan, type_name=command.type_name, options=command.options,
            )
        )  # fmt: skip
        if done:
            told = StepMarkedDone(time=services.now(), build=services.build, step=step.plan.id)
            services.emit(told)
            services.finished(step.plan, "done", 0.0)
