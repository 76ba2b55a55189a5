"""Going back: the present machine goes, a new one begins from a checkpoint or from the source image.

The old machine is deleted first. Both at once would take twice the quota that the preflight looked for, and
nothing of the old one is needed: what the new one begins from was looked for before.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oxtui.build.checkpoints.course import TROUBLE
from oxtui.build.checkpoints.keeper import Keeper
from oxtui.build.services import Background, Services
from oxtui.component.commands import Rewind
from oxtui.component.debugger_events import Rewound
from oxtui.component.events import Failure
from oxtui.component.protocols import Builder, Step


@dataclass(slots=True)
class Rewinding:
    """The way back of one build. `edit` takes the id of a step and what is changed of it."""

    builder: Builder
    keeper: Keeper
    services: Services
    background: Background
    edit: Callable[[str, Mapping[str, Any]], Awaitable[None]]
    held: set[str] = field(default_factory=set)
    """Provisioners whose work is on the disk that the machine began from."""

    async def go(self, command: Rewind, steps: Sequence[Step], index: int) -> int | None:
        """Where among `steps` the build goes on; None if it cannot go back, which is told.

        index: of the step that the build stands at.
        """
        keeper, services = self.keeper, self.services
        ids = [step.plan.id for step in steps]
        wanted = {command.step, *command.changes}
        known = {step.plan.id for step in keeper.steps}
        if not wanted <= known or command.step not in ids[: index + 1]:
            services.note(f"Rewind needs a provisioner that has run, and {command.step} is none.")
            return None
        first = min(wanted, key=ids.index)
        try:
            where, self.held = await keeper.back_to(first)
        except TROUBLE as error:
            services.note(f"The build stays where it is: {error}")
            return None
        await self.leave_machine()
        for step, changes in command.changes.items():
            await self.edit(step, changes)
        begin = ids.index(keeper.disk.machine_step)
        to = next(i for i in ids[begin:] if i in known and i not in self.held)
        services.emit(Rewound(time=services.now(), build=services.build, to=to))
        title = next(step.plan.title for step in steps if step.plan.id == to)
        services.note(f"Going back to {title}: the instance starts {where}.", "info")
        return begin

    async def without(self, failure: Failure) -> bool:
        """The machine did not come up: whether it began from a checkpoint, which is then given up.

        The next one begins with the source image, and every provisioner runs.
        """
        keeper, services = self.keeper, self.services
        broken = keeper.starting.begun_from
        if broken is None or services.control.end is not None:
            return False
        services.note(
            f"No instance came up from checkpoint {broken.name}, so the build begins with the source "
            f"image: {failure.summary}"
        )
        await self.leave_machine()
        try:
            await keeper.give_up()
        except TROUBLE as error:
            services.note(f"The checkpoint may still be used by other builds: {error}")
        self.held = set()
        to = keeper.steps[0].plan.id
        services.emit(Rewound(time=services.now(), build=services.build, to=to))
        return True

    async def leave_machine(self) -> None:
        """Deletes it, with its disk."""
        builder, services, disk = self.builder, self.services, self.keeper.disk
        await self.background.end()
        await builder.disconnect()
        left = await services.ledger.clean(
            builder.service, only=disk.of_machine, seconds=services.cleanup_seconds
        )
        for each in left:
            services.note(f"{each.record.name} is still there: {each.reason}; {each.command}")
        await disk.leave()
