"""Where the operator is and has been: the steps of `-`, `[` and `]`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A screen, with what it shows."""

    screen: str
    """Id of the screen."""
    names: tuple[str, ...] = ()
    """What it shows, in the screen's own terms: (images, web) is the images of project web."""


class Places:
    """Places visited, as a browser keeps pages."""

    LONGEST = 200

    def __init__(self, first: Place) -> None:
        self._visited = [first]
        self._at = 0
        self._before: Place | None = None

    @property
    def here(self) -> Place:
        """The present place."""
        return self._visited[self._at]

    @property
    def previous(self) -> Place | None:
        """The place before this one, in time."""
        return self._before

    @property
    def before(self) -> Place | None:
        """Where a step back in history leads."""
        return self._visited[self._at - 1] if self._at > 0 else None

    def visit(self, place: Place) -> None:
        """Go to a place; what lay ahead is forgotten."""
        if place == self.here:
            return
        self._before = self.here
        self._visited = [*self._visited[: self._at + 1], place][-self.LONGEST :]
        self._at = len(self._visited) - 1

    def step(self, by: int) -> Place | None:
        """Go back (-1) or forward (1) in history; None where it ends."""
        at = self._at + by
        if not 0 <= at < len(self._visited):
            return None
        self._before = self.here
        self._at = at
        return self.here
