"""The checkpoints of one build: which one it begins from, which it takes, which it can go back to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from oxtui.build.checkpoints.chain import Link, first_link
from oxtui.build.checkpoints.contents import Contents, Directives
from oxtui.build.checkpoints.course import TROUBLE, Course
from oxtui.build.checkpoints.digests import Digests
from oxtui.build.checkpoints.history import History
from oxtui.build.checkpoints.lookup import Planned
from oxtui.build.checkpoints.removal import discard
from oxtui.build.checkpoints.starting import Starting
from oxtui.build.checkpoints.taking import Taking
from oxtui.build.journal import JournalError
from oxtui.build.journal.checkpoint_rows import Checkpoint, StepParts
from oxtui.component.checkpoints import GuestDisk
from oxtui.component.errors import StepError
from oxtui.component.events import Event
from oxtui.component.protocols import StepContext
from oxtui.component.resources import ResourceRecord

if TYPE_CHECKING:
    from oxtui.build.services import Services
    from oxtui.build.steps import ProvisionerStep


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where the machine would begin if the build went back to a step; None: with the source image.

    Steps between the checkpoint and that one would run again.
    """

    step: str
    title: str
    checkpoint: Checkpoint | None


@dataclass(slots=True)
class Keeper:
    """See above. `steps` are the build's provisioners in their order, `service` holds its resources."""

    course: Course
    disk: GuestDisk
    steps: list[ProvisionerStep]
    services: Services
    service: Callable[[ResourceRecord], Any]
    history: History = field(init=False)
    starting: Starting = field(init=False)
    active: bool = field(init=False, default=False)
    """Whether states are followed at all: else nothing here costs anything."""
    _taking: Taking = field(init=False)
    _digests: Digests = field(init=False)

    def __post_init__(self) -> None:
        course, disk, services = self.course, self.disk, self.services
        history = self.history = History(course.session)
        self.starting = Starting(course, disk, services, history)
        self._taking = Taking(course, disk, services, history, self.service)

    def heard(self, event: Event) -> None:
        """An event of the build."""
        self.history.heard(event)

    async def begin(self) -> set[str]:
        """Called before the machine is made: chooses what it begins from; the steps that need not run."""
        course = self.course
        try:
            if not course.is_followed and not await course.known(self.disk.place()):
                return set()
            base = await self.activate()
            self.history.begin([base])
            if not course.settings.cache or course.debugged:
                return set()
            planned = [await self.planned(step) for step in self.steps]
            return await self.starting.choose(base, planned)
        except TROUBLE as error:
            self.services.note(f"No checkpoint is used: {error}")
            self.starting.to_source()
            return set()

    async def activate(self) -> Link:
        """From now on states are followed, from this one: an instance of the source image."""
        course, source = self.course, self.course.source
        digests = self._digests = Digests(await asyncio.to_thread(course.operator_key))
        parts: Mapping[str, str] = {}
        if source is not None:
            parts = await asyncio.to_thread(
                source.parts, digests, course.redactor, None, self.disk.matters
            )
        self.active = True
        facts = {name: digests.of(value) for name, value in self.disk.facts().items()}
        return first_link({**parts, **facts})

    async def planned(self, step: ProvisionerStep) -> Planned:
        """A provisioner as it would run now."""
        told = step.written.directives if step.written is not None else Directives()
        control, id_ = self.services.control, step.plan.id
        stops = control.stops_at(id_) or control.stops_at(id_, behind=True)
        return Planned(step.plan.id, step.plan.title, await self._contents(step), told, stops)

    async def _contents(self, step: ProvisionerStep) -> Contents:
        from oxtui.build.checkpoints.written import (
            step_contents,  # pydantic: to list sessions takes none
        )

        course = self.course
        if step.written is None:
            return Contents({}, problem="it is in no template")
        return await asyncio.to_thread(
            step_contents, step.written, step.inputs(), self._digests, course.redactor,
            course.folder, step.changes,
        )  # fmt: skip

    async def before(self, step: ProvisionerStep) -> Contents | None:
        """Called right before a provisioner runs: what it is made of now."""
        if not self.active:
            return None
        try:
            return await self._contents(step)
        except TROUBLE as error:
            return Contents({}, problem=f"it is not known what it is made of: {error}")

    def failed(self, step: ProvisionerStep) -> None:
        """A provisioner failed: whatever it did is there."""
        if self.active:
            self.history.disturb(f"{step.plan.title} has failed before")

    async def ran(
        self, step: ProvisionerStep, contents: Contents | None, seconds: float, context: StepContext
    ) -> None:
        """Called right behind a provisioner: its state is noted, and kept where the policy says so."""
        if contents is None or not self.history.links:
            return
        course, services = self.course, self.services
        link = self.history.ran(step.plan.id, step.plan.title, contents, seconds, services.now())
        parts = [StepParts(each.step, each.parts) for each in self.history.links]
        try:
            await course.journal.keep_step_parts(course.template, services.build, parts)
        except JournalError as error:
            services.note(str(error))
        if not contents.inputs.changes_nothing and self._wanted(step, seconds):
            await self._taking.take(link, context)

    def _wanted(self, step: ProvisionerStep, seconds: float) -> bool:
        settings = self.course.settings
        match settings.policy:
            case "each":
                return True
            case "slow":
                return seconds >= settings.slow
            case "breakpoints":
                ids = [each.plan.id for each in self.steps]
                behind = ids[ids.index(step.plan.id) + 1 :][:1]
                control = self.services.control
                at = any(control.stops_at(each) for each in behind)
                return at or control.stops_at(step.plan.id, behind=True)
        return False

    async def take(self, context: StepContext) -> bool:
        """The operator wants one of the disk as it is now; whether there is one, which is told."""
        if not self.history.links:
            self.services.note("There is no disk to take a checkpoint of yet.")
            return False
        link = self.history.now()
        if link is self.history.links[0]:
            self.services.note(
                "Nothing has changed the disk yet: it is as the source image has it."
            )
            return False
        return await self._taking.take(link, context)

    async def back_to(self, step: str) -> tuple[str, set[str]]:
        """Goes back to the last state before `step` that there is a checkpoint of, else to the source image.

        Returns:
            Where the next machine begins, as the end of a sentence, and the provisioners whose work it has.

        Raises:
            StepError: nothing can be said about where the build has been.
            ServiceError: the service gave no answer.
            JournalError: the journal cannot be read.
        """
        if not self.history.links:
            raise StepError("the build has not come so far that it could go back")
        ids = [each.plan.id for each in self.steps]
        before = set(ids[: ids.index(step)])
        links = list(self.history.links)
        while links[-1].step and links[-1].step not in before:
            links.pop()
        known = await self.course.known(self.disk.place())
        while len(links) > 1:
            for checkpoint in reversed([each for each in known if each.key == links[-1].key]):
                if await self.starting.there(checkpoint):
                    await self.starting.start(checkpoint, links)
                    last = links[-1].step
                    done = set(ids[: ids.index(last) + 1]) if last else set()
                    where = f", behind {checkpoint.title}" if last else ""
                    return f"from checkpoint {checkpoint.name}{where}", done
            links.pop()
        self.starting.to_source()
        return "from the source image, as there is no checkpoint before", set()

    async def give_up(self) -> None:
        """The machine does not come up from its checkpoint, so nothing else is to begin from it either.

        Raises:
            JournalError: that cannot be written.
        """
        broken = self.starting.begun_from
        self.starting.to_source()
        if broken is not None:
            journal = self.course.journal
            await journal.give_up_checkpoint(broken.number, "no instance came up from it")
            await discard(journal, broken, self.service)

    async def ways_back(self) -> list[WayBack]:
        """What the build could go back to: for each provisioner, where it would begin.

        Raises:
            JournalError: the journal cannot be read.
        """
        known = {each.key: each for each in await self.course.known(self.disk.place())}
        by_step = {link.step: link for link in self.history.links}
        ways: list[WayBack] = []
        nearest: Checkpoint | None = None
        for step in self.steps:
            ways.append(WayBack(step.plan.id, step.plan.title, nearest))
            link = by_step.get(step.plan.id)
            nearest = (known.get(link.key) if link is not None else None) or nearest
        return ways
