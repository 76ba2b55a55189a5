"""A recorded session that can be played, stopped and sought in, for the readers of a session."""

from __future__ import annotations

import asyncio
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Final

from oxtui.build.journal import Journal, JournalReader
from oxtui.build.recorded import RecordedSession, recorded_events
from oxtui.build.replay.recording import Pause, Recording
from oxtui.build.replay.spools import GrownSpools
from oxtui.build.session import SessionFolders
from oxtui.build.state import SessionState
from oxtui.component.commands import Command
from oxtui.component.events import Event

SPEEDS: Final = (1, 4, 16, 0)
"""Times as fast as recorded; 0: as fast as it can be drawn."""

LONGEST_TICK = 0.5
"""Seconds of the clock that one tick plays at most: who looked away finds it where it was."""

_FASTEST_TICKS = 50
"""Ticks that a whole session takes as fast as it can be drawn."""


class Replay:
    """A session at one position of its recording; it begins at the end, standing still.

    It takes no commands. `tick` moves it while it plays; it never reads a clock itself.
    """

    def __init__(self, session: RecordedSession, recording: Recording) -> None:
        self.session = session
        self.recording = recording
        self.position = len(recording)
        self.state: SessionState = recording.last
        self.playing = False
        self.speed = SPEEDS[0]
        self._moment = recording.seconds
        self._ticked: float | None = None
        self._spools: GrownSpools | None = None
        self._subscribers: list[Callable[[Event], None]] = []

    # what readers of a session see

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Calls back when the position changed, with the last event that came by it."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    async def command(self, command: Command) -> None:
        """Nobody is there to take it."""

    def spool(self, build: str, step: str) -> Path | None:
        """The output of a step (`serial`: the console's) as far as it had grown; None where there was none."""
        if self._spools is None:
            return self.session.spool(build, step)
        if self.position >= len(self.recording):
            return self._spools.show(build, step, None, 0)
        grown = self.recording.grown(build, step, self.position)
        return self._spools.show(build, step, *grown)

    # where it is

    @property
    def moment(self) -> float:
        """The second of the playing."""
        return self._moment

    @property
    def now(self) -> float:
        """The time of the recording, Unix seconds."""
        if not self.position:
            return self.recording.events[0].time if self.recording.events else 0.0
        begun = self.recording.events[self.position - 1].time
        return begun + max(0.0, self._moment - self.recording.moment_of(self.position))

    @property
    def at_end(self) -> bool:
        """Everything was told."""
        return self.position >= len(self.recording)

    @property
    def pause(self) -> Pause | None:
        """The shortened pause that it is in."""
        return self.recording.pause_before(self.position)

    # moving

    def play(self) -> None:
        """Play on, from the beginning where it is at the end."""
        if self.at_end:
            self.go(0)
        self.playing, self._ticked = True, None

    def stop(self) -> None:
        """Stand still."""
        self.playing = False

    def faster(self) -> None:
        """The next speed; behind the fastest comes the first."""
        self.speed = SPEEDS[(SPEEDS.index(self.speed) + 1) % len(SPEEDS)]

    def tick(self, now: float) -> None:
        """So late is it on the clock, in seconds: play what is due."""
        elapsed = 0.0 if self._ticked is None else min(max(0.0, now - self._ticked), LONGEST_TICK)
        self._ticked = now
        if not self.playing:
            return
        if self.speed:
            self._moment = min(self._moment + elapsed * self.speed, self.recording.seconds)
            due = self.recording.position_at(self._moment)
        else:
            due = self.position + 1 + len(self.recording) // _FASTEST_TICKS
        if due > self.position:
            self._set(due, keep_moment=bool(self.speed))
        if self.at_end:
            self.playing = False

    def go(self, position: int) -> None:
        """To the state after so many events, whether it plays or not."""
        self._set(position, keep_moment=False)

    def go_to_moment(self, moment: float) -> None:
        """To a second of the playing."""
        self._set(self.recording.position_at(moment), keep_moment=False)

    def next_step(self) -> None:
        """To where the next step begins, or the build stops or ends."""
        self.go(self.recording.landmark_after(self.position))

    def previous_step(self) -> None:
        """To the one before."""
        self.go(self.recording.landmark_before(self.position))

    def _set(self, position: int, *, keep_moment: bool) -> None:
        position = max(0, min(position, len(self.recording)))
        if self._spools is None:
            self._spools = self._own_spools()
        self.state = self.recording.state_at(position, (self.position, self.state))
        self.position = position
        if not keep_moment:
            self._moment = self.recording.moment_of(position)
        for key in self._spools.shown():
            self.spool(*key)
        if self.recording.events:
            told = self.recording.events[max(0, position - 1)]
            for callback in list(self._subscribers):
                callback(told)

    def _own_spools(self) -> GrownSpools:
        folder = tempfile.TemporaryDirectory(prefix="oxtui-replay-", ignore_cleanup_errors=True)
        spools = GrownSpools(self.session.spool, Path(folder.name))
        weakref.finalize(self, folder.cleanup)
        return spools


async def replay_of(
    journal: Journal | JournalReader, folders: SessionFolders, number: int
) -> Replay:
    """A session of the journal, made ready off the event loop.

    Raises:
        NoSuchSession: the journal does not know it.
        JournalError: it cannot be read.
    """
    events = await recorded_events(journal, number)
    dead = not folders.is_live(number)
    recording = await asyncio.to_thread(Recording, events, dead=dead)
    return Replay(RecordedSession(folders.folder(number), recording.last), recording)
