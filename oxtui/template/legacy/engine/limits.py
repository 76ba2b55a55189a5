"""What one text may cost, so that none can hang or exhaust memory."""

from __future__ import annotations

from typing import Final

from oxtui.template.legacy.engine.errors import InterpolationError

MAX_NESTING: Final = 100
"""Of parentheses, blocks and templates in each other, together."""
MAX_PARTS: Final = 50_000
"""Pieces of text and words in actions."""
MAX_VARIABLES: Final = 1_000
"""Of `$name := …`, as each use looks through them."""
MAX_LITERAL: Final = 1024 * 1024
"""Characters of one string in an action; a text around actions may be longer."""
MAX_STEPS: Final = 200_000
"""Parts evaluated, each as often as its loop runs."""
MAX_CHARACTERS: Final = 16 * 1024 * 1024
"""Of a text, of its result, and of each value on the way."""
MAX_WORK: Final = 4 * MAX_CHARACTERS
"""Characters that functions read and write, all calls together."""
PRINTED: Final = 1_000
"""What printing an element of a list or map costs, or a verb of `printf`, in characters."""
SORTED: Final = 10
"""What putting an element in order costs."""


class Budget:
    """What is left of it all while one text is evaluated."""

    def __init__(self) -> None:
        self._steps = MAX_STEPS
        self._work = MAX_WORK
        self._depth = 0

    def step(self) -> None:
        """One more part is evaluated. Raises InterpolationError when there were too many."""
        self._steps -= 1
        if self._steps < 0:
            raise InterpolationError(
                f"it takes more than {MAX_STEPS:,} steps; let its loops run less often"
            )

    def work(self, characters: int) -> None:
        """A function reads or makes so many characters. Raises InterpolationError for too many."""
        self._work -= characters
        if self._work < 0:
            raise InterpolationError("its values grow too large; make less text at once")

    def enter(self) -> None:
        """One level deeper. Raises InterpolationError when that is too deep."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise too_deep()

    def leave(self) -> None:
        """Back from there."""
        self._depth -= 1


def too_deep() -> InterpolationError:
    """For more nesting than is read or evaluated."""
    return InterpolationError(f"it nests more than {MAX_NESTING} levels deep; make it flatter")


def too_long() -> InterpolationError:
    """For a text that is not read, or a result that is not made."""
    return InterpolationError(f"more than {MAX_CHARACTERS:,} characters; make it shorter")
