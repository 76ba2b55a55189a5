"""The steps of one build in their order, and those that an operator puts among them."""

from __future__ import annotations

from collections.abc import Sequence

from oxtui.component.errors import StepError
from oxtui.component.protocols import Step


class StepList:
    """Keeps the order, and where the build stands in it.

    Args:
        before: steps up to the connected machine.
        provision: the template's provisioners.
        behind: steps from the provisioned machine to the clean-up.
        later: steps behind the clean-up.
    """

    def __init__(
        self,
        before: Sequence[Step],
        provision: Sequence[Step],
        behind: Sequence[Step],
        later: Sequence[Step],
    ) -> None:
        self.steps = [*before, *provision, *behind]
        self.later = list(later)
        self.before = len(before)
        self.here: Step | None = None
        """The step that runs or that the build stands at."""
        self._provisioned = len(before) + len(provision)
        self._to_run: set[str] = set()
        """Ids of added steps that have not run yet."""
        self._left_out: set[str] = set()

    def place(self, *, done: bool) -> int:
        """Where among the provisioners the next added one comes: in front of where the build stands.

        `done`: its work was done by hand already.

        Raises:
            StepError: nothing can be added here.
        """
        at = self.steps.index(self.here) if self.here in self.steps else -1
        if at < self.before:
            raise StepError(
                "A provisioner can be added while the build has its instance connected."
            )
        if at > self._provisioned and not done:
            raise StepError("No provisioner can run any more: the instance is being captured.")
        return min(at, self._provisioned) - self.before

    def add(self, step: Step, place: int, *, done: bool) -> str:
        """Puts it at that place among the provisioners; the id of the step before it, empty if there is none."""
        index = self.before + place
        self.steps.insert(index, step)
        self._provisioned += 1
        if not done:
            self._to_run.add(step.plan.id)
        return self.steps[index - 1].plan.id if index else ""

    def leave_out(self, step: Step) -> None:
        """It is over already when the build comes to it again."""
        self._left_out.add(step.plan.id)

    def is_left_out(self, step: Step) -> bool:
        """Whether the build passes over it this time."""
        found = step.plan.id in self._left_out
        self._left_out.discard(step.plan.id)
        return found

    def begin(self, step: Step) -> None:
        """It runs now."""
        self._to_run.discard(step.plan.id)

    def go_on_at(self, step: Step) -> int:
        """Index of the step to go on with: what was put in front of `step` meanwhile runs first."""
        if step not in self.steps:
            return self.later.index(step)
        index = self.steps.index(step)
        while index and self.steps[index - 1].plan.id in self._to_run:
            index -= 1
        return index

    def stand_behind(self, step: Step) -> None:
        """The build stands behind that step: what is added comes in front of the next one."""
        if step in self.steps:
            index = self.steps.index(step) + 1
            self.here = self.steps[index] if index < len(self.steps) else step

    def again(self) -> None:
        """The build goes back: nothing is left out any more."""
        self._left_out.clear()
