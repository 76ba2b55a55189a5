"""Taking a checkpoint: the snapshot, its place in the journal, and what has to go for it.

A failure is told and harms nothing: the build goes on without it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from oxtui.build.checkpoints.chain import Link
from oxtui.build.checkpoints.course import TROUBLE, Course
from oxtui.build.checkpoints.history import History
from oxtui.build.checkpoints.limits import beyond
from oxtui.build.checkpoints.removal import discard
from oxtui.build.journal.checkpoint_rows import Checkpoint, StepRun
from oxtui.build.report.durations import duration
from oxtui.component.checkpoints import GuestDisk
from oxtui.component.debugger_events import CheckpointTaken
from oxtui.component.protocols import StepContext
from oxtui.component.resources import ResourceRecord

if TYPE_CHECKING:
    from oxtui.build.services import Services


@dataclass(slots=True)
class Taking:
    """Takes the checkpoints of one build."""

    course: Course
    disk: GuestDisk
    services: Services
    history: History
    service: Callable[[ResourceRecord], Any]
    """The connected service that holds a resource of this rack."""

    async def take(self, link: Link, context: StepContext) -> bool:
        """Keeps the disk, which is in the state `link`; whether that succeeded."""
        services, clean = self.services, self.course.settings.clean
        name = f"oxtui-checkpoint-{link.key[:12]}-{secrets.token_hex(2)}"
        how = (
            "the instance is stopped for it" if clean else "crash-consistent, as the disk is in use"
        )
        context.say(f"Taking checkpoint {name} ({how})")
        begun = services.now()
        self.history.busy = True
        try:
            taken = await self.disk.take(context, name, clean=clean)
            made = self._row(link, taken.name, taken.id, taken.size, taken.number)
            made = replace(made, number=await self.course.journal.keep_checkpoint(made))
        except TROUBLE as error:
            behind = link.title or "the source image"
            told = str(error).rstrip(".")
            services.note(
                f"No checkpoint was taken behind {behind}, and the build goes on: {told}."
            )
            return False
        finally:
            self.history.busy = False
        context.say(
            f"Checkpoint taken in {duration(services.now() - begun)}; it takes up "
            f"{made.size / 2**30:g} GiB of storage"
        )
        services.emit(
            CheckpointTaken(
                time=services.now(), build=services.build, step=context.step, checkpoint=made.key,
                name=made.name, id=made.id, size=made.size,
            )
        )  # fmt: skip
        await self._make_room(made, context)
        return True

    def _row(self, link: Link, name: str, id_: str, size: int, resource: int) -> Checkpoint:
        services, place, now = self.services, self.disk.place(), self.services.now()
        runs = [StepRun(e.step, e.title, e.seconds, e.ran) for e in self.history.links if e.step]
        return Checkpoint(
            key=link.key, resource=resource, name=name, id=id_, host=place["host"], silo=place["silo"],
            project=place["project"],
            session=self.course.session, build=services.build, template=self.course.template,
            step=link.step, title=link.title, size=size, taken=now, used=now, runs=tuple(runs),
            keys=tuple(self.disk.temporary_keys()), own=link.own,
        )  # fmt: skip

    async def _make_room(self, made: Checkpoint, context: StepContext) -> None:
        """Removes what is too much by now."""
        journal, settings = self.course.journal, self.course.settings
        try:
            known = await self.course.known(self.disk.place())
            for each in beyond(
                known, made, per_template=settings.per_template, space=settings.space
            ):
                await journal.give_up_checkpoint(each.number, "it gave way to a newer checkpoint")
                if reason := await discard(journal, each, self.service):
                    context.say(f"Checkpoint {each.name} could not be removed: {reason}")
                else:
                    context.say(f"Checkpoint {each.name} gave way to it")
        except TROUBLE as error:
            self.services.note(f"Older checkpoints are still there: {error}")
