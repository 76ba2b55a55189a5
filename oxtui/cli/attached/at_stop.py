"""What is done at a stop of another process's session, from here: told to its end, with what it printed.

The output is read from the session's own log, as the session's screens do: no line of it is a message.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import dataclass, field

from oxtui.build.remote.client import RemoteSession
from oxtui.cli.telling import complain, put
from oxtui.component.commands import Beside, CancelBeside, command_name
from oxtui.component.debugger_events import BesideFinished, CommandRan
from oxtui.component.events import Event, OutputGrown
from oxtui.logs.index import Stream
from oxtui.logs.reader import SpoolReader
from oxtui.logs.sanitise import plain_lines


async def perform(session: RemoteSession, command: Beside) -> int:
    """Has it done, and waits for its end; the exit code: of a command that ran in the guest, its exit status.

    Ctrl-C cancels it.
    """
    build = session.state.builds[command.build]
    work = _Work(session, command, build.pause.step if build.pause is not None else "")
    unsubscribe = session.subscribe(work.heard)
    session.over.add_done_callback(lambda _: work.changed.set())
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, work.cancel)
    try:
        refused = await session.ask(command)
        if refused:
            return complain(f"oxtui: {refused}")
        return await work.end()
    except OSError:  # nobody reads what it prints
        await session.command(CancelBeside(build=build.name))
        raise
    finally:
        unsubscribe()
        loop.remove_signal_handler(signal.SIGINT)
        work.close()


@dataclass
class _Work:
    """One command under way, into the log of a step."""

    session: RemoteSession
    command: Beside
    step: str
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    ran: CommandRan | None = None
    finished: BesideFinished | None = None
    _reader: SpoolReader | None = None
    _next: int = 0
    _cancelling: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        """What the log has before is not of this command."""
        reader = self._open()
        self._next = 0 if reader is None else reader.refresh()

    def _open(self) -> SpoolReader | None:
        """The step's log; it may be there only once something is written."""
        if self._reader is None:
            path = self.session.spool(self.command.build, self.step)
            self._reader = None if path is None else SpoolReader(path)
        return self._reader

    def heard(self, event: Event) -> None:
        """An event of the session."""
        if event.build != self.command.build:
            return
        match event:
            case CommandRan():
                self.ran = event
            case BesideFinished() if event.kind == command_name(self.command):
                self.finished = event
            case OutputGrown():
                pass
            case _:
                return
        self.changed.set()

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        command = CancelBeside(build=self.command.build)
        self._cancelling = asyncio.ensure_future(self.session.command(command))

    async def end(self) -> int:
        """Writes what is printed until it is over; the exit code."""
        while self.finished is None and not self.session.over.done():
            await self.changed.wait()
            self.changed.clear()
            await asyncio.to_thread(self._write)
        await asyncio.to_thread(self._write)
        if self.finished is None:
            return complain(f"oxtui: {self.session.over.result()}")
        if self.finished.problem:
            return complain(f"oxtui: {self.finished.problem}")
        if self.ran is None:  # it was no command
            return 0
        if self.ran.status is None:
            return complain("oxtui: The command did not end by itself.")
        return self.ran.status

    def close(self) -> None:
        """Nothing more is read."""
        if self._reader is not None:
            self._reader.close()

    def _write(self) -> None:
        """The lines that came since: of the command alone, each to its stream."""
        if (reader := self._open()) is None:
            return
        reader.refresh()
        while self._next < reader.finished_lines:
            for line in reader.read(
                self._next, min(self._next + 1000, reader.finished_lines), None
            ):
                self._next = line.number + 1
                text = line.text if line.continues else f"{line.text}\n"
                if line.stream is Stream.STDOUT:
                    put(text)
                elif line.stream is Stream.STDERR:
                    sys.stderr.write(plain_lines(text))
        sys.stdout.flush()
        sys.stderr.flush()
