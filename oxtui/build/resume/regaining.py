"""What a build goes on with whose instance cannot: the instance's disk, or a checkpoint; and why that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from oxtui.build.checkpoints.continuing import begin_from, stand
from oxtui.build.checkpoints.course import TROUBLE
from oxtui.build.checkpoints.keeper import Keeper
from oxtui.build.journal.checkpoint_rows import Checkpoint
from oxtui.build.report.durations import in_words
from oxtui.build.resume.candidates import (
    Candidate,
    behind,
    by_hand_since,
    candidates,
    is_of_last_run,
)
from oxtui.build.resume.choices import Beginning
from oxtui.build.reused import Reused
from oxtui.build.services import Services
from oxtui.build.state import BuildState
from oxtui.component.checkpoints import BeginAnew, LostMachine, StartPoint
from oxtui.component.debugger_events import Rewound
from oxtui.component.errors import StepError


@dataclass(slots=True)
class Regaining:
    """Chooses for one build, tells it, and knows what was chosen."""

    build: BuildState
    done: Mapping[str, Reused]
    keeper: Keeper | None
    services: Services
    beginning: Beginning = "auto"
    anew: bool = field(init=False, default=False)
    """All that was done in the guest is to be done again."""
    chosen: Candidate | None = field(init=False, default=None)
    """The checkpoint that the next instance begins from, if that was chosen."""

    async def instead(self, lost: LostMachine) -> StartPoint | None:
        """What another instance begins with; None: the disk of the one before, as it is.

        Raises:
            BeginAnew: there is a disk that may lack what was done, and nobody said to take it.
            StepError: there is neither, or not what was asked for.
        """
        best = next(iter(await self._candidates()), None)
        if best is None and lost.disk and lost.unsure and self.beginning == "auto":
            self.anew = True
            self.services.note(
                f"{lost.why} {lost.unsure} So the build begins anew; --from=disk would take disk "
                f"{lost.disk} as it is."
            )
            raise BeginAnew(lost.why)
        if best is None or (lost.disk and self._prefers_disk(lost, best)):
            self._disk(lost, best)
            return None
        checkpoint = best.checkpoint
        if self.keeper is not None:
            await begin_from(self.keeper, checkpoint, best.held, best.links)
        self.chosen = best
        self._checkpoint(lost, best)
        return StartPoint(checkpoint.name, checkpoint.id, checkpoint.keys)

    def left(self, in_guest: Sequence[str]) -> dict[str, Reused]:
        """Steps that need not run, now that it is known what the build goes on with.

        in_guest: ids of the steps whose work may be on the disk, in their order.
        """
        if self.chosen is None and not self.anew:
            return dict(self.done)
        held = () if self.chosen is None else self.chosen.held
        again = [each for each in in_guest if each in self.done and each not in held]
        if again:
            services = self.services
            services.emit(Rewound(time=services.now(), build=services.build, to=again[0]))
        return {name: known for name, known in self.done.items() if name not in again}

    async def stand(self, done: Collection[str]) -> None:
        """Tells the build's checkpoints where its disk stands: it has the work of these steps."""
        if self.keeper is None or self.chosen is not None:
            return

        def valid(checkpoint: Checkpoint) -> bool:
            return is_of_last_run(checkpoint, [self.build.steps.get(checkpoint.step)])

        await stand(self.keeper, done, valid)

    async def _candidates(self) -> Sequence[Candidate]:
        if self.keeper is None or self.beginning == "disk":
            return ()
        try:
            return await candidates(self.keeper, self.build, self.done)
        except TROUBLE as error:
            self.services.note(f"No checkpoint is looked for: {error}")
            return ()

    def _prefers_disk(self, lost: LostMachine, best: Candidate) -> bool:
        """Whether the disk holds work that the checkpoint does not."""
        if self.beginning == "checkpoint" or lost.unsure:
            return False
        taken = best.checkpoint.taken
        return bool(behind(self.build, best, self.done)) or by_hand_since(self.build, taken)

    def _disk(self, lost: LostMachine, best: Candidate | None) -> None:
        if not lost.disk:
            raise StepError(
                f"{lost.why} With it went what the steps have done: its disk is gone as well, and there is no "
                "checkpoint of it. Build the template again."
            )
        if self.beginning == "checkpoint":
            raise StepError(
                f"{lost.why} There is no checkpoint of what it has done to begin from; --from=disk takes "
                f"its disk {lost.disk} as it is."
            )
        told = [
            lost.why,
            f"Another instance gets its disk {lost.disk} as the end of the process left it.",
        ]
        if lost.unsure:
            told.append(lost.unsure)
        if cut := self._cut_off():
            told.append(
                f'What "{cut}" had done until it was cut off is on it, and that step runs again.'
            )
        if best is not None:
            name = best.checkpoint.name
            told.append(f"Checkpoint {name} holds less; --from=checkpoint begins there.")
        self.services.note(" ".join(filter(None, told)))

    def _checkpoint(self, lost: LostMachine, best: Candidate) -> None:
        checkpoint, now = best.checkpoint, self.services.now()
        ago = in_words(int(now - checkpoint.taken))
        told = [
            lost.why,
            f'Another instance begins from checkpoint {checkpoint.name}, taken behind "{checkpoint.title}" '
            f"{ago} ago.",
        ]
        again, cut = behind(self.build, best, self.done), self._cut_off()
        if again:
            titles = ", ".join(f'"{title}"' for title in again)
            told.append(f"It lacks what {titles} had done, which runs again.")
            told.append(lost.unsure or ("" if lost.disk else "The disk is gone."))
        elif lost.disk and cut:
            told.append(
                f'It holds all that was done, and nothing of "{cut}", which was cut off and runs again; '
                f"--from=disk would take disk {lost.disk} as the end of the process left it."
            )
        self.services.note(" ".join(filter(None, told)))

    def _cut_off(self) -> str:
        """Title of the provisioner that did not come to its end."""
        for name, step in self.build.steps.items():
            if step.plan.kind == "provision" and name not in self.done and step.attempt:
                return step.plan.title
        return ""
