"""The checkpoints of one build: which one it begins from, which it takes, which it can go back to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxtui.build.checkpoints.chain import Link, Step, first_link, next_link
from oxtui.build.checkpoints.contents import Contents
from oxtui.build.checkpoints.digests import Digests
from oxtui.build.checkpoints.history import History
from oxtui.build.checkpoints.lookup import Fits, Planned, Prefix, fitting, prefix, why_missed
from oxtui.build.checkpoints.removal import discard
from oxtui.build.checkpoints.taking import Taking
from oxtui.build.journal import Journal, JournalError
from oxtui.build.journal.checkpoint_rows import Checkpoint, StepParts, StepRun
from oxtui.build.report.durations import in_words
from oxtui.component.checkpoints import GuestDisk, StartPoint
from oxtui.component.debugger_events import CheckpointUsed, StepMissed, StepReused
from oxtui.component.errors import StepError
from oxtui.component.events import Event
from oxtui.component.protocols import StepContext
from oxtui.component.resources import ResourceRecord
from oxtui.oxide.errors import OxideError
from oxtui.settings.sections import Checkpoints

if TYPE_CHECKING:
    from oxtui.build.checkpoints.written import Written
    from oxtui.build.services import Services
    from oxtui.build.steps import ProvisionerStep
    from oxtui.logs.redact import Redactor

TROUBLE = (StepError, OxideError, OSError, JournalError)
"""What a checkpoint may meet without harm to its build."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a build's checkpoints work with."""

    session: int
    template: str
    journal: Journal
    settings: Checkpoints
    digests: Digests
    redactor: Redactor
    folder: Path
    """That relative paths of the template start from."""
    source: Written | None
    """The builder as the template has it."""
    followed: bool
    """Somebody can answer at a stop, and so take checkpoints and go back to them."""
    debugged: bool = False
    """The build stops before each step, so none is passed over."""


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
    steps: Sequence[ProvisionerStep]
    services: Services
    service: Callable[[ResourceRecord], Any]
    history: History = field(init=False)
    active: bool = field(init=False, default=False)
    """Whether states are followed at all: else nothing here costs anything."""
    begun_from: Checkpoint | None = field(init=False, default=None)
    """What the present machine began from, if not from the source image."""
    _taking: Taking = field(init=False)

    def __post_init__(self) -> None:
        self.history = History(self.course.session)
        self._taking = Taking(self.course, self.disk, self.services, self.history, self.service)

    def heard(self, event: Event) -> None:
        """An event of the build."""
        self.history.heard(event)

    async def begin(self) -> set[str]:
        """Called before the machine is made: chooses what it begins from; the steps that need not run."""
        course = self.course
        try:
            known = await self._known()
            self.active = bool(known) or course.followed or course.settings.policy != "off"
            if not self.active:
                return set()
            base = await self._base()
            self.history.begin([base])
            if not course.settings.cache or course.debugged:
                return set()
            return await self._choose(base, known)
        except TROUBLE as error:
            self.services.note(f"No checkpoint is used: {error}")
            return set()

    async def resume(self, done: Collection[str]) -> None:
        """Called in place of `begin` where the machine is there already, with the work of these steps.

        What led to it is not known here as it was, so its states are this session's own; the checkpoints
        that the session took before are found all the same.
        """
        course, services = self.course, self.services
        self.active = course.followed or course.settings.policy != "off"
        if not self.active:
            return
        try:
            links = [await self._base()]
            taken = {
                each.step: each
                for each in await self._known()
                if (each.session, each.build) == (course.session, services.build)
            }
        except TROUBLE as error:
            services.note(f"The build cannot go back behind where it was resumed: {error}")
            return
        own = "the session was resumed"
        for step in self.steps:
            if step.plan.id in done:
                made = Step(step.plan.id, step.plan.title)
                link = next_link(links[-1], made, own=own, session=str(course.session))
                known = taken.get(step.plan.id)
                links.append(link if known is None else replace(link, key=known.key))
        self.history.begin(links)
        self.history.disturb(own)

    async def _known(self) -> list[Checkpoint]:
        """Those that can be used in this place."""
        place = self.disk.place()
        return [
            each
            for each in await self.course.journal.checkpoints()
            if (each.host, each.silo, each.project)
            == (place["host"], place["silo"], place["project"])
        ]

    async def _base(self) -> Link:
        """The state that an instance of the source image begins with."""
        course, source = self.course, self.course.source
        parts: Mapping[str, str] = {}
        if source is not None:
            parts = await asyncio.to_thread(
                source.parts, course.digests, course.redactor, None, self.disk.matters
            )
        facts = {name: course.digests.of(value) for name, value in self.disk.facts().items()}
        return first_link({**parts, **facts})

    async def _choose(self, base: Link, known: list[Checkpoint]) -> set[str]:
        course, services = self.course, self.services
        planned = [await self._planned(step) for step in self.steps]
        found = prefix(base, planned)
        limits = {each.step: each.directives.ttl for each in planned}
        fits, old = fitting(found, known, limits.get, services.now())
        last = await course.journal.step_parts(course.template, services.build)
        fit = await self._first_there(fits)
        held = 0 if fit is None else fit.links
        reused: list[Planned] = []
        if fit is not None:
            ends = found.links[held].step
            ids = [each.step for each in planned]
            reused = planned[: ids.index(ends) + 1]
            await self._begin_from(found, fit, reused)
        behind = planned[len(reused) :]
        ours = [each for each in known if each.template == course.template]
        if behind and (fit is not None or last or ours):
            # A step that changes nothing runs in any case; the first that would have been passed over is told.
            missed = next((e for e in behind if not e.contents.inputs.changes_nothing), None)
            if missed is not None:
                reason = why_missed(found, held, last, old)
                self._emit_missed(missed.step, reason)
        return {each.step for each in reused}

    async def _first_there(self, fits: Sequence[Fits]) -> Fits | None:
        for fit in fits:
            if await self._there(fit.checkpoint):
                return fit
        return None

    async def _there(self, checkpoint: Checkpoint) -> bool:
        """Whether its snapshot is; one that is gone is forgotten, with a word."""
        if await self.disk.exists(checkpoint.id):
            return True
        self.services.note(
            f"Checkpoint {checkpoint.name} ({checkpoint.title}) is gone from the rack, and forgotten."
        )
        await self.course.journal.give_up_checkpoint(
            checkpoint.number, "its snapshot was not there"
        )
        return False

    async def _begin_from(self, found: Prefix, fit: Fits, reused: Sequence[Planned]) -> None:
        checkpoint, services = fit.checkpoint, self.services
        links = list(found.links[: fit.links + 1])
        runs = dict(zip([link.step for link in links[1:]], checkpoint.runs, strict=False))
        self.history.begin(
            [links[0]] + [_ran(link, runs) for link in links[1:]]
        )  # fmt: skip
        await self._start(checkpoint, links[-1].step)
        ago = in_words(services.now() - checkpoint.taken)
        for each in reused:
            run = runs.get(each.step)
            services.emit(
                StepReused(
                    time=services.now(), build=services.build, step=each.step,
                    reason=f"It is in checkpoint {checkpoint.name}, taken {ago} ago.",
                    seconds=run.seconds if run else 0.0,
                )
            )  # fmt: skip

    async def _start(self, checkpoint: Checkpoint, step: str) -> None:
        services = self.services
        self.disk.start_from(StartPoint(checkpoint.name, checkpoint.id, checkpoint.keys))
        self.begun_from = checkpoint
        await self.course.journal.use_checkpoint(checkpoint.number)
        services.emit(
            CheckpointUsed(
                time=services.now(), build=services.build, step=step,
                checkpoint=checkpoint.key, name=checkpoint.name, id=checkpoint.id,
            )
        )  # fmt: skip

    def _emit_missed(self, step: str, reason: str) -> None:
        services = self.services
        services.emit(
            StepMissed(time=services.now(), build=services.build, step=step, reason=reason)
        )

    async def _planned(self, step: ProvisionerStep) -> Planned:
        told = step.written.directives if step.written is not None else None
        stops = self.services.control.stops_before(step.plan.id)
        contents = await self._contents(step)
        if told is None:
            return Planned(step.plan.id, step.plan.title, contents, stops=stops)
        return Planned(step.plan.id, step.plan.title, contents, told, stops)

    async def _contents(self, step: ProvisionerStep) -> Contents:
        from oxtui.build.checkpoints.written import (
            step_contents,  # pydantic: who lists sessions needs none
        )

        course = self.course
        if step.written is None:
            return Contents({}, problem="it is in no template")
        return await asyncio.to_thread(
            step_contents, step.written, step.inputs(), course.digests, course.redactor,
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
        if contents is None or not self.active:
            return
        link = self.history.ran(
            step.plan.id, step.plan.title, contents, seconds, self.services.now()
        )
        course = self.course
        parts = [StepParts(each.step, each.parts) for each in self.history.links]
        try:
            await course.journal.keep_step_parts(course.template, self.services.build, parts)
        except JournalError as error:
            self.services.note(str(error))
        if contents.inputs.changes_nothing:
            return
        if self._wanted(step, seconds):
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
                return any(self.services.control.stops_before(each) for each in behind)
        return False

    async def take(self, context: StepContext) -> bool:
        """The operator wants one of the disk as it is now; whether there is one."""
        if not self.active or not self.history.links:
            self.services.note("There is no disk to take a checkpoint of yet.")
            return False
        return await self._taking.take(self.history.now(), context)

    async def back_to(self, step: str) -> tuple[str, set[str]]:
        """Goes back to the last state before `step` that there is a checkpoint of, else to the source image.

        Returns:
            A sentence about where the next machine begins, and the provisioners whose work it has.

        Raises:
            StepError: nothing can be said about where the build has been.
            OxideError: the rack gave no answer.
            JournalError: the journal cannot be read.
        """
        if not self.history.links:
            raise StepError("the build has not come so far that it could go back")
        ids = [each.plan.id for each in self.steps]
        before = set(ids[: ids.index(step)])
        links = self.history.links
        far = next(
            (n for n, link in enumerate(links) if link.step and link.step not in before), len(links)
        )
        known = await self._known()
        for count in range(far, 1, -1):
            fits = [each for each in known if each.key == links[count - 1].key]
            for checkpoint in reversed(fits):
                if await self._there(checkpoint):
                    self.history.begin(links[:count])
                    last = links[count - 1].step
                    await self._start(checkpoint, last)
                    done = set(ids[: ids.index(last) + 1])
                    return f"from checkpoint {checkpoint.name}, behind {checkpoint.title}", done
        self.to_source()
        return "from the source image, as there is no checkpoint before", set()

    def to_source(self) -> None:
        """The next machine begins with the source image."""
        self.history.begin(self.history.links[:1])
        self.disk.start_from(None)
        self.begun_from = None

    async def give_up(self) -> None:
        """The machine does not come up from its checkpoint, so nothing else is to begin from it either.

        Raises:
            JournalError: that cannot be written.
        """
        broken = self.begun_from
        self.to_source()
        if broken is not None:
            journal = self.course.journal
            await journal.give_up_checkpoint(broken.number, "no instance came up from it")
            await discard(journal, broken, self.service)

    async def ways_back(self) -> list[WayBack]:
        """What the build could go back to: for each provisioner that has run, where it would begin.

        Raises:
            JournalError: the journal cannot be read.
        """
        known = {each.key: each for each in await self._known()}
        ways: list[WayBack] = []
        nearest: Checkpoint | None = None
        by_step = {link.step: link for link in self.history.links}
        for step in self.steps:
            ways.append(WayBack(step.plan.id, step.plan.title, nearest))
            link = by_step.get(step.plan.id)
            nearest = (known.get(link.key) if link is not None else None) or nearest
        return ways


def _ran(link: Link, runs: Mapping[str, StepRun]) -> Link:
    """The state with what is known of the run that led to it."""
    run = runs.get(link.step)
    return link if run is None else replace(link, seconds=run.seconds, ran=run.ran)
