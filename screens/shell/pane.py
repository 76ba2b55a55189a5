"""The pane that shows the shells, with the one key that is ours in its border."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from functools import partial

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message

from oxtui.logs.sanitise import plain
from screens.shell.recording_list import RecordingList
from screens.shell.session import ShellSession
from screens.shell.shell_tabs import ShellTabs
from screens.widgets.terminal.pane import TerminalPane

KEYS = "ctrl+] then: q leave · z whole · r record · c new · [ copy · ] send it"
KEYS_WITH_LIST = KEYS.replace("c new", "l list")
WAITING = "q leave · z whole · r record · l list · c new · n next · x close · [ copy · / find"
BESIDE = 100
"""Columns from which on the recorded commands are beside the terminal."""


class ShellPane(Vertical):
    """Shells beside the log, one of them in sight. They go on while they are hidden."""

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

    class Another(Message):
        """One more shell is to be opened, where the present one is."""

    def __init__(self) -> None:
        super().__init__()
        self.terminal = TerminalPane()
        self.recorded = RecordingList()
        self.sessions: list[ShellSession] = []
        """Those that live, in the order in which they were opened."""
        self.session: ShellSession | None = None
        """The one in sight."""
        self._tabs = ShellTabs()
        self._names: dict[ShellSession, str] = {}
        self._reading: dict[ShellSession, asyncio.Task[None]] = {}
        self.commands: dict[str, Callable[[], object]] = {
            "q": self._leave,
            "z": lambda: self.post_message(self.Zoomed()),
            "c": lambda: self.post_message(self.Another()),
            "n": lambda: self.step(1),
            "p": lambda: self.step(-1),
            "x": self._close,
            "r": self._switch,
            "l": self._to_recorded,
            "[": self.terminal.start_copying,
            "pageup": self.terminal.start_copying,
            "/": lambda: self.terminal.start_copying("/"),
            **{str(number): partial(self._pick, number - 1) for number in range(1, 10)},
        }
        """What each key does behind the prefix."""

    def compose(self) -> ComposeResult:
        """The terminal with the recorded commands at its right, below the line of shells."""
        yield self._tabs
        with Horizontal():
            yield self.terminal
            yield self.recorded

    # shells

    def open(self, session: ShellSession) -> None:
        """Show one more shell and give it the keys."""
        self.sessions.append(session)
        session.changed = lambda: self._changed(session)
        self.show(session)
        self._reading[session] = asyncio.create_task(session.run(), name=f"shell {session.place}")

    def show(self, session: ShellSession) -> None:
        """Bring a shell into sight and give it the keys."""
        self.add_class("-open")
        self.session = session
        if session.recorder is not None:
            session.recorder.changed = self._recording_changed
            session.recorder.wanted = self._switch
        self._recording_changed()
        self.border_subtitle = self._keys
        self.terminal.attach(session.emulator, partial(self._typed, session), session.resize)
        self.terminal.focus()
        self.post_message(self.Opened())

    def of(self, group: Hashable) -> ShellSession | None:
        """The shell of a group that is in sight or was opened last."""
        if self.session is not None and self.session.group == group:
            return self.session
        return next((each for each in reversed(self.sessions) if each.group == group), None)

    def step(self, by: int) -> None:
        """To the next shell, or the one before."""
        if self.session is not None and self.sessions:
            at = self.sessions.index(self.session) + by
            self.show(self.sessions[at % len(self.sessions)])

    def returned(self, left: str) -> None:
        """The whole terminal was given back: `pane`, `leave`, or `ended` with the shell."""
        if left == "leave":
            self._leave()
        elif left == "pane":
            self.terminal.fit()
            self.terminal.focus()

    async def on_unmount(self) -> None:
        """No shell goes on without a screen."""
        reading, self._reading = list(self._reading.values()), {}
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    def _changed(self, session: ShellSession) -> None:
        if session.status is not None:
            self._ended(session)
        elif session is self.session:
            self.terminal.changed()
        if self.is_attached and session.name != self._names.get(session):
            self._names[session] = session.name
            self._label()

    def _ended(self, session: ShellSession) -> None:
        self._reading.pop(session, None)
        self._names.pop(session, None)
        if session not in self.sessions:
            return
        at = self.sessions.index(session)
        self.sessions.remove(session)
        if not self.is_attached:
            return
        self.notify(f"The shell in {session.place} ended: {session.status}.", markup=False)
        if session is not self.session:
            return
        self.session = None
        if self.sessions and self.has_class("-open"):
            self.show(self.sessions[max(at - 1, 0)])
            return
        self.terminal.detach()
        self._leave()

    def _label(self) -> None:
        session = self.session
        if session is None:
            return
        names = [plain(each.name) for each in self.sessions]
        self._tabs.show(names, self.sessions.index(session))
        title = plain(session.place)
        if session.emulator.title and session.emulator.title != title:
            title += f" — {session.emulator.title}"
        recorder = session.recorder
        told = f" · {recorder.title}" if recorder is not None and recorder.title else ""
        self.border_title = Content(title) + Content.styled(told, "$text-error")

    def _typed(self, session: ShellSession, data: bytes) -> None:
        session.pressed()
        session.write(data)

    # keys behind the prefix

    def _leave(self) -> None:
        self.remove_class("-open")
        self.post_message(self.Left())

    def _close(self) -> None:
        if self.session is not None and (reading := self._reading.get(self.session)) is not None:
            reading.cancel()

    def _pick(self, index: int) -> None:
        if index < len(self.sessions):
            self.show(self.sessions[index])

    @on(ShellTabs.Picked)
    def _picked(self, event: ShellTabs.Picked) -> None:
        event.stop()
        self._pick(event.index)

    @on(TerminalPane.Copied)
    def _copied(self, event: TerminalPane.Copied) -> None:
        event.stop()
        copy = getattr(self.app, "copy", None)
        if copy is not None:
            copy(event.text, "the marked text")

    @on(TerminalPane.Command)
    def _commanded(self, event: TerminalPane.Command) -> None:
        event.stop()
        if self.session is not None:
            self.session.pressed()
        if event.key in self.commands:
            self.commands[event.key]()
        elif event.key:
            self.notify(f"ctrl+] then {event.key} does nothing: {WAITING}.", markup=False)
        if self.terminal.copying is not None:
            self.border_subtitle = Content(self.terminal.copying.told)
        else:
            self.border_subtitle = WAITING if self.terminal.prefixed else self._keys

    # recording

    def on_resize(self, event: events.Resize) -> None:
        """The list is beside a terminal that has room, else below it."""
        self.set_class(event.size.width < BESIDE, "-narrow")

    def _recording_changed(self) -> None:
        session = self.session
        if session is None:
            return
        self._label()
        recorder = session.recorder
        shown = recorder is not None and (recorder.on or bool(recorder.rows.rows))
        self.recorded.set_class(shown, "-open")
        self.screen.set_class(shown, "-recording")
        if self.border_subtitle in (KEYS, KEYS_WITH_LIST):
            self.border_subtitle = self._keys
        if recorder is not None:
            self.recorded.mask = recorder.redactor.text
            self.recorded.show(recorder.rows, recorder.note)

    @property
    def _keys(self) -> str:
        return KEYS_WITH_LIST if self.recorded.has_class("-open") else KEYS

    def _to_recorded(self) -> None:
        if self.recorded.has_class("-open"):
            self.recorded.focus()

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
        if event.prefixed:
            self.terminal.prefix()

    @on(RecordingList.Wanted)
    def _wanted(self, event: RecordingList.Wanted) -> None:
        event.stop()
        self.run_worker(self._make(), group="record", exit_on_error=False)

    async def _make(self) -> None:
        recorder = self.session.recorder if self.session is not None else None
        told = await recorder.make() if recorder is not None else ""
        if told:
            self.notify(told, markup=False)
