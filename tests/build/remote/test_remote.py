"""A session over its socket: followed, steered, entered; and what others may not do."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from oxtui.build.control import Policy
from oxtui.build.engine import Session
from oxtui.build.remote import place, server
from oxtui.build.remote.client import NotReached, RemoteSession, RemoteShell
from oxtui.build.remote.command_records import (
    COMMAND_TYPES,
    CommandRefused,
    from_record,
    record,
)
from oxtui.build.remote.server import served
from oxtui.build.session import SessionFolder
from oxtui.build.stops import Stopping
from oxtui.component import commands as c
from oxtui.component.events import Event, Noted, OutputGrown, Paused, SessionFinished
from tests.builders.test_null import local, template
from tests.sessions import Sessions, rackless

AT_FIRST = Stopping(steps=(("before", "1"),))
BUILD = "alpha.null.x"


@dataclass
class Stopped:
    """A session that stands before its first step."""

    there: Sessions
    session: Session
    running: asyncio.Future[SessionFinished]

    @property
    def folder(self) -> SessionFolder:
        return self.session.environment.folders.folder(self.session.number)


@asynccontextmanager
async def stopped(
    folder: Path, text: str = "", policy: Policy | None = None
) -> AsyncIterator[Stopped]:
    """Serves a session that stops; it ends with the block."""
    async with rackless(folder) as there:
        session = await there.session(
            text or template(local("echo one")), policy or Policy(stopping=AT_FIRST)
        )
        waits = asyncio.Event()
        session.subscribe(lambda e: waits.set() if isinstance(e, Paused) else None)
        complaints: list[str] = []
        running = asyncio.ensure_future(_run(session, complaints))
        await waits.wait()
        assert complaints == []
        try:
            yield Stopped(there, session, running)
        finally:
            await session.command(c.Abort())
            await running


async def _run(session: Session, complaints: list[str]) -> SessionFinished:
    async with served(session, complaints.append):
        return await session.run()


async def test_a_follower_folds_the_same_state_from_the_beginning_to_the_end(
    tmp_path: Path,
) -> None:
    async with stopped(tmp_path) as at:
        remote = await RemoteSession.open(at.folder)
        assert remote.state == at.session.state
        heard: list[Event] = []
        remote.subscribe(heard.append)
        assert await remote.ask(c.Resume(build=BUILD)) == ""
        assert (await at.running).status == "succeeded"
        assert await remote.over == "The session is over."
        assert remote.state == at.session.state
        assert isinstance(heard[-1], SessionFinished)
        spool = remote.spool(BUILD, "provision-1")
        assert spool is not None
        assert "one" in spool.read_text()
        await remote.close()
        assert not (at.folder.path / place.NAME).exists()


async def test_what_a_build_says_against_a_command_is_the_answer(tmp_path: Path) -> None:
    async with stopped(tmp_path) as at:
        remote = await RemoteSession.open(at.folder)
        assert await remote.ask(c.Retry(build=BUILD)) == "Retry does not apply here."
        assert await remote.ask(c.Resume(build="y")) == f"There is no build 'y'; there are {BUILD}."
        await remote.close()
        assert await remote.ask(c.Resume()) == "You left it."


@pytest.mark.parametrize("deep", [False, True])
async def test_only_its_owner_finds_the_socket_however_deep_it_lies(
    tmp_path: Path, deep: bool
) -> None:
    folder = tmp_path / ("d" * 90) / ("e" * 90) if deep else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    async with stopped(folder) as at:
        path = at.folder.path / place.NAME
        assert len(str(path)) > 180 or not deep
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        remote = await RemoteSession.open(at.folder)
        assert remote.state.builds[BUILD].pause is not None
        await remote.close()


async def test_another_user_is_not_listened_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stopped(tmp_path) as at:
        assert place.may_speak(os.geteuid())
        assert not place.may_speak(os.geteuid() + 1)
        monkeypatch.setattr(place, "peer", lambda _connection: (1, os.geteuid() + 1))
        with pytest.raises(NotReached):
            await RemoteSession.open(at.folder)
        assert at.there.build.pause is not None


async def test_a_dead_session_and_its_socket_are_told_and_give_way(tmp_path: Path) -> None:
    dead = SessionFolder(9, tmp_path)
    with pytest.raises(NotReached, match="Session 9 cannot be reached: No such file"):
        await RemoteSession.open(dead)
    place.bind(tmp_path).close()  # as a process that was killed leaves it
    with pytest.raises(NotReached, match="Connection refused"):
        await RemoteSession.open(dead)
    place.bind(tmp_path).close()


@dataclass
class Raw:
    """A connection on which anything can be written."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, line: bytes) -> list[dict[str, Any]]:
        """What comes until the other end closes."""
        self.writer.write(line)
        return [json.loads(each) for each in (await self.reader.read()).splitlines()]


@asynccontextmanager
async def raw(folder: SessionFolder) -> AsyncIterator[Raw]:
    reader, writer = await asyncio.open_connection(sock=place.connect(folder.path))
    yield Raw(reader, writer)
    writer.close()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[]\n", "a message without a type."),
        (b"{\n", "a line that is not JSON."),
        (b'{"type": "dance"}\n', "there is no 'dance' here."),
        (
            b'{"type": "shell", "build": "x", "columns": 0, "rows": 1}\n',
            "a terminal without a size.",
        ),
    ],
)
async def test_who_does_not_keep_to_the_protocol_is_told_so_and_left(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    async with stopped(tmp_path) as at, raw(at.folder) as other:
        hello, bye = await other.say(line)
        assert (hello["type"], bye) == ("hello", {"type": "bye", "reason": reason})
        assert at.there.build.pause is not None


async def test_who_does_not_read_is_dropped_and_the_build_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "WAITING", 100)
    async with stopped(tmp_path) as at, raw(at.folder) as other:
        other.writer.write(b'{"type": "follow"}\n')
        while b"synced" not in await other.reader.readline():
            pass
        follower = at.session._subscribers[-1].__self__  # type: ignore[attr-defined]
        other.reader._transport.pause_reading()  # type: ignore[attr-defined]
        text = "x" * 100_000
        for number in range(1000):  # far more than sockets hold
            at.session._emit(Noted(time=number, build=BUILD, text=text))
            await asyncio.sleep(0)
            if follower.over.done():
                break
        assert await follower.over == "Too slow: 100 events were waiting to be read."
        assert len(follower._waiting) == 0
        await at.session.command(c.Resume())
        assert (await at.running).status == "succeeded"


async def test_without_an_instance_there_is_no_shell(tmp_path: Path) -> None:
    async with stopped(tmp_path) as at:
        with pytest.raises(NotReached, match="no connection to an instance yet, or none any more"):
            await RemoteShell.open(at.folder, BUILD, 80, 24)
        with pytest.raises(NotReached, match="There is no build 'y'"):
            await RemoteShell.open(at.folder, "y", 80, 24)


SAMPLES: list[c.Command] = [
    c.Retry(build="b", trace=True),
    c.SetBreakpoint(step="s", on=True, when="after"),
    c.SetStop(kind="exit", on=True, pattern="3"),
    c.EditAndRetry(changes={"inline": ["a"]}),
    c.Rewind(step="s", changes={"s": {"inline": ["a"]}}),
    c.AddProvisioner(type_name="shell", options={}, done=True),
    c.GiveSecret(text="x"),
]


@pytest.mark.parametrize("command", SAMPLES, ids=lambda each: type(each).__name__)
def test_a_command_survives_json(command: c.Command) -> None:
    assert from_record(json.loads(json.dumps(record(command)))) == command


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([], "an object with a type"),
        ({"type": "command"}, "There is no command 'command'"),
        ({"type": []}, r"There is no command \[\]"),
        ({"type": "retry", "trace": 1}, "takes no such 'trace': true or false"),
        ({"type": "retry", "moon": 1}, "has no 'moon'"),
        ({"type": "run_until"}, "run_until needs step"),
        ({"type": "set_stop", "kind": "x", "on": True}, "one of error, cleanup, output, exit"),
        ({"type": "set_breakpoint", "step": "s", "on": True, "when": []}, "one of before, after"),
        ({"type": "rewind", "step": "s", "changes": {"s": 1}}, "an object"),
    ],
)
def test_what_is_no_command_is_refused(values: object, told: str) -> None:
    with pytest.raises(CommandRefused, match=told):
        from_record(values)


def test_every_command_has_a_name_and_none_is_only_a_kind_of_them() -> None:
    assert {"resume", "step_over", "set_stop", "run_command"} <= set(COMMAND_TYPES)
    assert not {"command", "beside"} & set(COMMAND_TYPES)


async def test_events_of_output_are_handed_on_as_well(tmp_path: Path) -> None:
    async with stopped(tmp_path) as at:
        remote = await RemoteSession.open(at.folder)
        grown: list[Event] = []
        remote.subscribe(lambda e: grown.append(e) if isinstance(e, OutputGrown) else None)
        await remote.command(c.Resume(build=BUILD))
        await remote.over
        assert grown
        await remote.close()
