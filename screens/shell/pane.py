"""The pane that shows a shell, with the one key that is ours in its border."""

from __future__ import annotations

import asyncio

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message

from oxtui.logs.sanitise import plain
from screens.shell.recording_list import RecordingList
from screens.shell.session import ShellSession
from screens.widgets.terminal.pane import TerminalPane

KEYS = "ctrl+] then: q leave · z whole terminal · r record · ] send it"
BESIDE = 100
"""Columns from which on the recorded commands are beside the terminal."""
WAITING = "q leave · z whole terminal · r record · l recorded · ] send ctrl+]"


class ShellPane(Vertical):
    """A shell beside the log. It goes on while it is hidden."""

    DEFAULT_CSS = """
    ShellPane {
        display: none;
        height: 1fr;
        border: round $primary;
        border-title-color: $text-primary;
        border-subtitle-color: $text-muted;
        padding: 0 1;
        &.-open { display: block; }
        &:focus-within { border: round $accent; border-title-color: $text-accent; }
        & TerminalPane { height: 1fr; width: 1fr; }
        & Horizontal { height: 1fr; }
        &.-narrow Horizontal { layout: vertical; }
        &.-narrow RecordingList {
            width: 1fr; height: 8; border-left: none; border-top: solid $panel; padding: 0;
            &:focus { border-top: solid $accent; }
        }
    }
    """

    class Opened(Message):
        """The shell is shown."""

    class Left(Message):
        """The operator is done with the shell, or it has ended."""

    class Zoomed(Message):
        """The shell is to have the whole terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.terminal = TerminalPane()
        self.recorded = RecordingList()
        self.session: ShellSession | None = None
        self._reading: asyncio.Task[None] | None = None

    def compose(self) -> ComposeResult:
        """The terminal, and the recorded commands at its right."""
        with Horizontal():
            yield self.terminal
            yield self.recorded

    def open(self, session: ShellSession) -> None:
        """Show a shell and give it the keys."""
        self.session = session
        self.add_class("-open")
        if session.recorder is not None:
            session.recorder.changed = self._recording_changed
            session.recorder.wanted = self._switch
        self._recording_changed()
        self.border_subtitle = KEYS
        session.changed = self._changed
        self.terminal.attach(session.emulator, session.write, session.resize)
        self._reading = asyncio.create_task(session.run(), name=f"shell {session.place}")
        self.terminal.focus()
        self.post_message(self.Opened())

    def returned(self, left: str) -> None:
        """The whole terminal was given back: `pane`, `leave`, or `ended` with the shell."""
        if left == "leave":
            self.remove_class("-open")
            self.post_message(self.Left())
        elif left == "pane":
            self.terminal.fit()
            self.terminal.focus()

    def reopen(self) -> bool:
        """Show the shell that was left open; False if there is none."""
        if self.session is None or self.session.status is not None:
            return False
        self.add_class("-open")
        self.terminal.focus()
        self.post_message(self.Opened())
        return True

    async def hang_up(self) -> None:
        """End the shell."""
        reading, self._reading, self.session = self._reading, None, None
        self.remove_class("-open")
        self.terminal.detach()
        if reading is not None:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def on_unmount(self) -> None:
        """No shell goes on without a screen."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    def _changed(self) -> None:
        self.terminal.changed()
        session = self.session
        if session is not None and session.status is not None:
            self.session = None
            self._reading = None
            self.remove_class("-open")
            self.terminal.detach()
            self.notify(f"The shell in {session.place} ended: {session.status}.", markup=False)
            self.post_message(self.Left())

    @on(TerminalPane.Command)
    def _commanded(self, event: TerminalPane.Command) -> None:
        event.stop()
        self.border_subtitle = WAITING if self.terminal.prefixed else KEYS
        if event.key == "q":
            self.remove_class("-open")
            self.post_message(self.Left())
        elif event.key == "z":
            self.post_message(self.Zoomed())
        elif event.key == "r":
            self._switch()
        elif event.key == "l" and self.recorded.has_class("-open"):
            self.recorded.focus()
        elif event.key:
            self.notify(f"ctrl+] then {event.key} does nothing: {WAITING}.", markup=False)

    # recording

    def on_resize(self, event: events.Resize) -> None:
        """The list is beside a terminal that has room, else below it."""
        self.set_class(event.size.width < BESIDE, "-narrow")

    def _recording_changed(self) -> None:
        session = self.session
        recorder = session.recorder if session is not None else None
        if session is None:
            return
        told = f" · {recorder.title}" if recorder is not None and recorder.title else ""
        self.border_title = Content(plain(session.place)) + Content.styled(told, "$text-error")
        shown = recorder is not None and (recorder.on or bool(recorder.rows.rows))
        self.recorded.set_class(shown, "-open")
        self.screen.set_class(shown, "-recording")
        if recorder is not None:
            self.recorded.mask = recorder.redactor.text
            self.recorded.show(recorder.rows, recorder.note)

    def _switch(self) -> None:
        self.run_worker(self._record(), group="record", exit_on_error=False)

    async def _record(self) -> None:
        session = self.session
        recorder = session.recorder if session is not None else None
        if session is None or recorder is None:
            self.notify("This shell cannot be recorded: oxtui does not run its build.")
            return
        from oxtui.build.recording.recorder import NotRecorded

        try:
            told = await recorder.toggle(session)
        except NotRecorded as error:
            self.notify(
                str(error), title="Not recorded", severity="warning", timeout=15, markup=False
            )
            return
        if told:
            self.notify(told, markup=False)

    @on(RecordingList.Left)
    def _list_left(self, event: RecordingList.Left) -> None:
        event.stop()
        self.terminal.focus()

    @on(RecordingList.Wanted)
    def _wanted(self, event: RecordingList.Wanted) -> None:
        event.stop()
        self.run_worker(self._make(), group="record", exit_on_error=False)

    async def _make(self) -> None:
        recorder = self.session.recorder if self.session is not None else None
        told = await recorder.make() if recorder is not None else ""
        if told:
            self.notify(told, markup=False)
