"""The events of a session with its state after any number of them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from oxtui.build.folding import died, fold
from oxtui.build.state import SessionState
from oxtui.component.debugger_events import SessionContinued, StepReused
from oxtui.component.events import (
    BuildFinished,
    Event,
    OutputGrown,
    Paused,
    SessionFinished,
    StepStarted,
)

EVERY = 256
"""Events between two states that are kept: so many are folded at most for any position."""

LONGEST_PAUSE = 3.0
"""Seconds that are played of a longer time in which nothing happened."""

_LANDMARKS = (StepStarted, StepReused, Paused, BuildFinished, SessionContinued, SessionFinished)


class Grown(NamedTuple):
    """How far an output had grown: lines and bytes."""

    lines: int
    size: int


class Pause(NamedTuple):
    """A time in which nothing happened, before the event of that index; seconds as recorded."""

    at: int
    seconds: float


class Recording:
    """All that was told of a session, in order.

    A position counts events: at 0 nothing was told, at `len` everything was. Making one folds every
    event once, so it is done off the event loop; any state after that costs `EVERY` folds at most. At its end
    a session that nobody ended was cut off, if its process is `dead`.
    """

    def __init__(self, events: Iterable[Event], *, dead: bool = False) -> None:
        self.events = tuple(events)
        self.moments = array("d")
        """For each event, the second of the playing in which it comes."""
        self.pauses: list[Pause] = []
        """Those that are shortened."""
        self.landmarks = [0]
        """Positions at which a step begins, the build stops or something ends."""
        self._kept = [SessionState()]
        self._grown: dict[tuple[str, str], list[tuple[int, Grown]]] = {}
        moment, before = 0.0, None
        for index, event in enumerate(self.events):
            gap = 0.0 if before is None else max(0.0, event.time - before)
            if gap > LONGEST_PAUSE:
                self.pauses.append(Pause(index, gap))
            moment += min(gap, LONGEST_PAUSE)
            self.moments.append(moment)
            # A clock that was set back does not make the next event wait for it to catch up.
            before = event.time
            self._note(index, event)
        for begin in range(0, len(self.events), EVERY):
            self._kept.append(_folded(self._kept[-1], self.events[begin : begin + EVERY]))
        last = self._kept[-1]
        self.last = died(last) if dead and last.finished is None else last
        """After all events."""

    def __len__(self) -> int:
        return len(self.events)

    @property
    def seconds(self) -> float:
        """How long the playing takes at the speed of the recording."""
        return self.moments[-1] if self.moments else 0.0

    def state_at(self, position: int, near: tuple[int, SessionState] | None = None) -> SessionState:
        """The state after the first `position` events; `near` is a position at or before it, known already."""
        if position >= len(self.events):
            return self.last
        begin = position - position % EVERY
        state = self._kept[begin // EVERY]
        if near is not None and begin <= near[0] <= position:
            begin, state = near
        return _folded(state, self.events[begin:position])

    def position_at(self, moment: float) -> int:
        """How many events have come by a second of the playing."""
        return bisect_right(self.moments, moment)

    def moment_of(self, position: int) -> float:
        """The second of the playing at which a position is reached."""
        return self.moments[position - 1] if position else 0.0

    def grown(self, build: str, step: str, position: int) -> Grown:
        """How far an output had grown at a position."""
        told = self._grown.get((build, step), [])
        at = bisect_left(told, position, key=lambda each: each[0])
        return told[at - 1][1] if at else Grown(0, 0)

    def outputs(self) -> list[tuple[str, str]]:
        """Build and step of every output that ever grew, in the order in which they began."""
        return list(self._grown)

    def landmark_after(self, position: int) -> int:
        """The next position at which a step begins or something stops; the end if there is none."""
        at = bisect_right(self.landmarks, position)
        return self.landmarks[at] if at < len(self.landmarks) else len(self.events)

    def landmark_before(self, position: int) -> int:
        """The one before."""
        at = bisect_left(self.landmarks, position)
        return self.landmarks[at - 1] if at else 0

    def pause_before(self, position: int) -> Pause | None:
        """The shortened pause that lies right before the next event of a position."""
        at = bisect_left(self.pauses, position, key=lambda pause: pause.at)
        if at < len(self.pauses) and self.pauses[at].at == position:
            return self.pauses[at]
        return None

    def _note(self, index: int, event: Event) -> None:
        if isinstance(event, OutputGrown):
            told = self._grown.setdefault((event.build, event.step), [])
            told.append((index, Grown(event.lines, event.size)))
        elif isinstance(event, _LANDMARKS):
            self.landmarks.append(index + 1)


def _folded(state: SessionState, events: tuple[Event, ...]) -> SessionState:
    """The state after these events; of how an output grows in them only the last counts."""
    last = {(e.build, e.step): e for e in events if isinstance(e, OutputGrown)}
    for event in events:
        if isinstance(event, OutputGrown) and last[event.build, event.step] is not event:
            build = state.builds.get(event.build)
            # The first thing that is told of a build says when it began.
            if build is not None and build.started is not None:
                continue
        state = fold(state, event)
    return state
