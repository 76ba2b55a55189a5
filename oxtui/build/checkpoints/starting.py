"""What the machine begins from: the longest prefix of steps that a checkpoint holds, or the source image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from oxtui.build.checkpoints.chain import Link
from oxtui.build.checkpoints.course import Course
from oxtui.build.checkpoints.history import History
from oxtui.build.checkpoints.lookup import Fits, Planned, Prefix, fitting, prefix, why_missed
from oxtui.build.journal.checkpoint_rows import Checkpoint
from oxtui.build.report.durations import in_words
from oxtui.component.checkpoints import GuestDisk, StartPoint
from oxtui.component.debugger_events import CheckpointUsed, StepMissed, StepReused

if TYPE_CHECKING:
    from oxtui.build.services import Services


@dataclass(slots=True)
class Starting:
    """Chooses for one build."""

    course: Course
    disk: GuestDisk
    services: Services
    history: History
    begun_from: Checkpoint | None = field(init=False, default=None)
    """What the present machine began from, if not from the source image."""

    async def choose(self, base: Link, planned: Sequence[Planned]) -> set[str]:
        """Begins from the longest checkpoint that fits; the steps that need not run for it. All of it is told.

        Raises:
            ServiceError: the service gave no answer.
            JournalError: the journal cannot be read or written.
        """
        course, services = self.course, self.services
        known = await course.known(self.disk.place())
        found = prefix(base, planned)
        limits = {each.step: each.directives.ttl for each in planned}
        fits, old = fitting(found, known, limits.get, services.now())
        last = await course.journal.step_parts(course.template, services.build)
        fit = await self._first_there(fits)
        reused: Sequence[Planned] = ()
        if fit is not None:
            ids = [each.step for each in planned]
            reused = planned[: ids.index(found.links[fit.links].step) + 1]
            await self._begin_from(found, fit, reused)
        held = 0 if fit is None else fit.links
        behind = found.links[held + 1].step if held + 1 < len(found.links) else found.at
        ours = last or any(each.template == course.template for each in known)
        if behind and (fit is not None or ours):
            reason = why_missed(found, held, last, old)
            services.emit(
                StepMissed(time=services.now(), build=services.build, step=behind, reason=reason)
            )
        return {each.step for each in reused}

    async def _first_there(self, fits: Sequence[Fits]) -> Fits | None:
        for fit in fits:
            if await self.there(fit.checkpoint):
                return fit
        return None

    async def there(self, checkpoint: Checkpoint) -> bool:
        """Whether its snapshot is; one that is gone is forgotten, with a word.

        Raises:
            ServiceError: the service gave no answer.
            JournalError: it cannot be forgotten.
        """
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
        base, *links = found.links[: fit.links + 1]
        runs = dict(zip([link.step for link in links], checkpoint.runs, strict=False))
        known = [
            replace(link, seconds=runs[link.step].seconds, ran=runs[link.step].ran)
            if link.step in runs
            else link
            for link in links
        ]
        await self.start(checkpoint, [base, *known])
        ago = in_words(int(services.now() - checkpoint.taken))
        for each in reused:
            run = runs.get(each.step)
            services.emit(
                StepReused(
                    time=services.now(), build=services.build, step=each.step,
                    reason=f"It is in checkpoint {checkpoint.name}, taken {ago} ago.",
                    seconds=run.seconds if run else 0.0,
                )
            )  # fmt: skip

    async def start(self, checkpoint: Checkpoint, links: Sequence[Link]) -> None:
        """The next machine begins from a checkpoint, whose state is the last of these.

        Raises:
            JournalError: its use cannot be written down.
        """
        services = self.services
        await self.course.journal.use_checkpoint(checkpoint.number)
        self.history.begin(links)
        self.disk.start_from(StartPoint(checkpoint.name, checkpoint.id, checkpoint.keys))
        self.begun_from = checkpoint
        services.emit(
            CheckpointUsed(
                time=services.now(), build=services.build, step=links[-1].step,
                checkpoint=checkpoint.key, name=checkpoint.name, id=checkpoint.id,
            )
        )  # fmt: skip

    def to_source(self) -> None:
        """The next machine begins with the source image."""
        self.history.begin(self.history.links[:1])
        self.disk.start_from(None)
        self.begun_from = None
