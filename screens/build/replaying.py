"""Playing a session again: finding its recording, and moving about in it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual import on

from oxtui.build.replay.replay import Replay
from screens.actions.replay import CONTEXT
from screens.build.moving import Moving
from screens.build.recall import changes_in, from_journal
from screens.build.replay_bar import ReplayBar
from screens.build.source import Desk, SessionView

FILE = "file"
"""Begins the names of a place that shows a bundle; its path follows."""
PLAY = "play"
"""Ends the names of a place whose session is played from its beginning."""

_NO_EXPORT = (
    "This is a bundle of somebody else's session; `oxtui export FILE` makes a template of it."
)


class Replaying(Moving):
    """The part of the Build screen that plays a recorded session."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = ReplayBar()
        self._opened: tuple[str, ...] = ()
        """Names of the recording that is shown."""

    @property
    def replay(self) -> Replay | None:
        """The session, if it is one that is played again."""
        return self.session if isinstance(self.session, Replay) else None

    def now(self) -> float:
        """The time that the session is at, Unix seconds."""
        replay = self.replay
        return self.oxtui.services.clock() if replay is None else replay.now

    def attach(self, session: SessionView, desk: Desk | None = None) -> None:
        """Follow a session from now on; the screen knows how."""

    def open_recording(self, names: tuple[str, ...]) -> None:
        """Show a session of the journal, or a bundle; one that is shown already stays where it is."""
        if self.replay is not None and names == self._opened and self._is_over:
            return
        self.run_worker(self._open(names), group="replay", exclusive=True, exit_on_error=False)

    async def _open(self, names: tuple[str, ...]) -> None:
        from oxtui.build.bundle.errors import BundleError
        from oxtui.build.bundle.reader import open_bundle
        from oxtui.build.environment import journal_path
        from oxtui.build.journal import JournalError, JournalReader
        from oxtui.build.recorded import NoSuchSession
        from oxtui.build.replay.replay import replay_of
        from oxtui.build.session import SessionFolders

        folder = self.oxtui.services.settings.paths.sessions
        try:
            if names[0] == FILE:
                opened = await asyncio.to_thread(open_bundle, Path(names[1]))
                self.notify("\n".join(opened.words), title="A bundle, read only", markup=False)
                desk = Desk(live=False, no_export=_NO_EXPORT)
                self._begin(names, opened.replay, desk)
                return
            async with JournalReader.open(journal_path(folder)) as reader:
                replay = await replay_of(reader, SessionFolders(folder), int(names[0]))
        except (JournalError, NoSuchSession, BundleError) as error:
            self.notify(str(error), title="No such session", severity="error", markup=False)
            return
        self._begin(
            names,
            replay,
            Desk(live=False, recall=from_journal(folder), changes=changes_in(folder), resumes=True),
        )

    @property
    def _is_over(self) -> bool:
        """It cannot have grown since it was read."""
        return self.replay is not None and self.replay.recording.last.finished is not None

    def _begin(self, names: tuple[str, ...], replay: Replay, desk: Desk) -> None:
        self._opened = names
        if names[-1] == PLAY:
            replay.go(0)
            replay.play()
        self.attach(replay, desk)

    def tick(self) -> None:
        """Play what is due."""
        if self.replay is not None and self.replay.playing:
            self.replay.tick(self.oxtui.services.clock())
            self.bar.show(self.replay)

    def replay_contexts(self) -> tuple[str, ...]:
        """The keys of a replay count where the steps have the focus, or nothing has."""
        if self.replay is None or self.focused not in (None, self.rail):
            return ()
        return (CONTEXT,)

    def _moved(self) -> None:
        self.redraw()
        self.refresh_bindings()

    @on(ReplayBar.Pressed)
    def do_play(self) -> None:
        """Play, or stand still."""
        if self.replay is not None:
            if self.replay.playing:
                self.replay.stop()
            else:
                self.replay.play()
            self._moved()

    @on(ReplayBar.Sought)
    def _sought(self, event: ReplayBar.Sought) -> None:
        if self.replay is not None:
            self.replay.go_to_moment(event.share * self.replay.recording.seconds)
            self._moved()

    def do_back(self) -> None:
        """To where the step before begins."""
        if self.replay is not None:
            self.replay.previous_step()
            self._moved()

    def do_forward(self) -> None:
        """To where the next step begins."""
        if self.replay is not None:
            self.replay.next_step()
            self._moved()

    def do_faster(self) -> None:
        """The next speed."""
        if self.replay is not None:
            self.replay.faster()
            self._moved()

    def do_event_back(self) -> None:
        """One event back."""
        self._go_by(-1)

    def do_event_forward(self) -> None:
        """One event on."""
        self._go_by(1)

    def do_begin(self) -> None:
        """To the beginning."""
        if self.replay is not None:
            self._go_by(-self.replay.position)

    def do_end(self) -> None:
        """To the end."""
        if self.replay is not None:
            self._go_by(len(self.replay.recording))

    def _go_by(self, events: int) -> None:
        if self.replay is not None:
            self.replay.go(self.replay.position + events)
            self._moved()
