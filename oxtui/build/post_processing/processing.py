"""The post-processors of a build as its runner sees them: steps, what a failure of one means, and the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oxtui.build.post_processing.chains import Chains
from oxtui.build.post_processing.step import PostProcessorStep
from oxtui.component.events import BuildStatus, Failure
from oxtui.component.post_processing import Artifact, Moment
from oxtui.component.protocols import Builder, Step, StepContext

if TYPE_CHECKING:
    from oxtui.component.events import Level

Outcome = tuple[BuildStatus, str]
"""How a build ended, and why where it did not succeed."""


class PostProcessing:
    """All post-processors of a build.

    Args:
        chains: their steps.
        builder: makes what they work on.
        note: tells the operator.
    """

    def __init__(
        self,
        chains: Sequence[Sequence[PostProcessorStep]],
        builder: Builder,
        note: Callable[[str, Level], None],
    ) -> None:
        self.links = {step.plan.id: step for chain in chains for step in chain}
        self._builder = builder
        self._chains = Chains(len(chains), builder.result)
        self._note = note
        self._failures: list[str] = []

    @property
    def chains(self) -> list[list[str]]:
        """The ids of the steps of each chain."""
        chains: dict[int, list[str]] = {}
        for step, link in self.links.items():
            chains.setdefault(link.chain, []).append(step)
        return list(chains.values())

    def ids(self, moment: Moment) -> list[str]:
        """Those of the steps that run at that time."""
        return [step for step, link in self.links.items() if link.moment == moment]

    def remember(self) -> list[dict[str, Any]]:
        """What the chains have come to, for another process."""
        return self._chains.remember()

    def recall(self, memory: Sequence[Mapping[str, Any]]) -> None:
        """Goes on from what another process came to."""
        self._chains.recall(memory)

    def steps(self, moment: Moment) -> list[Step]:
        """Those that run at that time, in order."""
        machine = self._builder.makes_machine and moment != "after_cleanup"
        return [
            Step(link.plan, self._run(link), keeps_machine=machine)
            for link in self.links.values()
            if link.moment == moment
        ]

    def rehearsals(self) -> list[Step]:
        """What is looked at before anything is made: whether they can do their work in the end."""
        return [step for link in self.links.values() if (step := link.rehearsal) is not None]

    def _run(self, link: PostProcessorStep) -> Callable[[StepContext], Awaitable[None]]:
        builder = self._builder
        return lambda context: link.run(context, builder.guest, self._chains, builder.snapshot)

    def passes_over(self, step: str) -> bool:
        """Whether the step does not run because one before it in its chain failed."""
        link = self.links.get(step)
        return link is not None and self._chains.each[link.chain].is_broken

    def broke(self, step: str, failure: Failure) -> None:
        """It failed and nobody is asked: its chain ends, the others run, and the build fails in the end."""
        link = self.links[step]
        title = link.plan.title
        self._failures.append(f"{title}: {failure.summary}")
        given = self._chains.broke(link.chain)
        if given.text:
            self._note(f"{title} failed, so what it was given stays: {given.text}", "warning")

    def outcome(self) -> Outcome:
        """What it means for the build that everything has run that was to run."""
        return ("failed", "; ".join(self._failures)) if self._failures else ("succeeded", "")

    async def artifacts(self, status: BuildStatus) -> list[Artifact]:
        """What there really is now that a build ends so; what was replaced is removed."""
        made, problems = await self._chains.end()
        for problem in problems:
            self._note(problem, "warning")
        # A builder without a machine has a word to say of each build, but only of those that succeed.
        return [each for each in made if status == "succeeded" or each.stays or each.files]
