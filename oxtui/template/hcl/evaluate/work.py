"""How much work evaluation may be, so that no template takes all time or memory, in steps.

A step is one part of an expression that is evaluated: some microseconds, and at most a small value.
Functions and blocks cost steps too, by how much they are given or make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_STEPS: Final = 500_000
"""Of one expression, and of one component: two to three seconds."""
MAX_WORK: Final = 2 * MAX_STEPS
"""Of all variables, locals and builds of a template together."""
BLOCK: Final = 10
"""Steps that a block costs which is made by a `dynamic` block, or for one of several sources."""
_VALUES_FOR_ONE: Final = 4


@dataclass(slots=True)
class Work:
    """The steps that are left. All scopes inside of one share it, and so do files that are templates."""

    left: int = MAX_WORK

    def spend(self, steps: int) -> bool:
        """Takes steps away; False if there were too few of them left."""
        self.left -= steps
        return self.left >= 0

    def renew(self) -> None:
        """Makes it enough for one component or one line again."""
        self.left = MAX_STEPS


def cost(size: int) -> int:
    """Steps for values of this size together, when a function goes through them at once."""
    return size // _VALUES_FOR_ONE
