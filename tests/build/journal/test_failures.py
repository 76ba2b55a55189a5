"""A journal that cannot be written says why, and nothing is created meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from oxtui.build.journal import Journal, JournalError, JournalReader
from oxtui.component import events as e
from oxtui.logs.redact import Redactor


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions" / "journal.sqlite"


def fill_up(connection: sqlite3.Connection) -> None:
    """Let the file grow no further, as on a full disk."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")


def make_room(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA max_page_count=1000000")


async def run(journal: Journal, work: object) -> None:
    """Do something to the writer's own connection."""
    journal._writer.post(work)  # type: ignore[arg-type]
    await journal.flush()


async def test_a_full_disk_is_told_and_recovered_from(path: Path) -> None:
    async with Journal.open(path, Redactor()) as journal:
        session = await journal.begin_session("a")
        await journal.flush()
        await run(journal, fill_up)
        big = {"project": "p" * 100_000}
        with pytest.raises(JournalError) as caught:
            await journal.intend(session, "web", "oxide.disk", "disk-1", big)
        assert f"Cannot write the journal {path}: the disk is full." in str(caught.value)
        journal.append(session, e.Noted(time=1.0, build="web", text="x" * 100_000))
        with pytest.raises(JournalError, match="the disk is full"):
            await journal.flush()
        journal.append(session, e.Noted(time=2.0, build="web", text="y"))
        assert await journal.resources() == []

        writer = journal._writer
        writer._unwritten.insert(0, type(writer._unwritten[0])(make_room, None, False))
        await journal.flush()
        assert [each.event.time for each in await journal.events(session)] == [1.0, 2.0]


async def test_a_lock_of_another_process_is_waited_for(path: Path) -> None:
    async with Journal.open(path, Redactor(), busy_seconds=0.05) as journal:
        session = await journal.begin_session("a")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError) as caught:
            await journal.intend(session, "web", "oxide.disk", "disk-1", {})
        assert "another process has held its lock for 0.05 s" in str(caught.value)
        assert str(path) in str(caught.value)
        assert [s.template for s in await journal.sessions()] == ["a"]  # readers go on
        other.execute("COMMIT")
        other.close()
        assert await journal.intend(session, "web", "oxide.disk", "disk-1", {}) == 1


async def test_events_wait_for_a_lock_to_end(path: Path) -> None:
    async with Journal.open(path, Redactor(), busy_seconds=0.05) as journal:
        session = await journal.begin_session("a")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for count in range(3):
            journal.append(session, e.Noted(time=float(count), build="a", text="n"))
        with pytest.raises(JournalError):
            await journal.flush()
        journal.append(session, e.Noted(time=3.0, build="a", text="n"))
        other.execute("COMMIT")
        other.close()
        await journal.flush()
        assert [each.event.time for each in await journal.events(session)] == [0, 1, 2, 3]


async def test_a_damaged_journal_is_told(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(JournalError, match=r"it is damaged .*Move it away"):
        async with Journal.open(path, Redactor()):
            pass
    async with JournalReader.open(path) as reader:
        with pytest.raises(JournalError, match="Cannot read the journal"):
            await reader.sessions()


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(JournalError, match=r"Cannot open the journal .*OXTUI_SESSIONS_DIR"):
        async with Journal.open(tmp_path / "file" / "journal.sqlite", Redactor()):
            pass


async def test_a_cancelled_intent_does_no_harm(path: Path) -> None:
    async with Journal.open(path, Redactor()) as journal:
        session = await journal.begin_session("a")
        task = asyncio.create_task(journal.intend(session, "web", "oxide.disk", "disk-1", {}))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        number = await journal.intend(session, "web", "oxide.disk", "disk-2", {})
        names = [r.name for r in await journal.resources()]
        assert names[-1] == "disk-2"
        assert number == len(names)


VICTIM = """
import asyncio, sys
from pathlib import Path
from oxtui.build.journal import Journal
from oxtui.component.events import Noted
from oxtui.logs.redact import Redactor

async def main():
    async with Journal.open(Path(sys.argv[1]), Redactor()) as journal:
        session = await journal.begin_session("a")
        journal.append(session, Noted(time=1.0, build="web", text="before"))
        count = 0
        while True:
            count += 1
            await journal.intend(session, "web", "oxide.disk", f"disk-{count}", {})
            print(count, flush=True)

asyncio.run(main())
"""


async def test_every_intent_outlives_sigkill(path: Path) -> None:
    victim = await asyncio.create_subprocess_exec(
        sys.executable, "-c", VICTIM, str(path), stdout=subprocess.PIPE
    )
    assert victim.stdout is not None
    for _ in range(25):
        told = int(await victim.stdout.readline())
    os.kill(victim.pid, signal.SIGKILL)
    rest = (await victim.stdout.read()).split()
    assert await victim.wait() == -signal.SIGKILL
    told = int(rest[-1]) if rest else told
    async with JournalReader.open(path) as reader:
        resources = await reader.resources()
        assert [r.name for r in resources[:told]] == [f"disk-{n}" for n in range(1, told + 1)]
        assert len(resources) in (told, told + 1)
        assert {r.state for r in resources} == {"intended"}
        assert [each.event.time for each in await reader.events(1)] == [1.0]
    async with Journal.open(path, Redactor()) as journal:
        assert await journal.begin_session("b") == 2


async def test_an_intent_waits_for_the_disk_and_an_event_does_not(path: Path) -> None:
    """SQLite syncs the write-ahead log at each commit only with synchronous=FULL."""
    statements: list[str] = []
    async with Journal.open(path, Redactor()) as journal:
        session = await journal.begin_session("a")
        await run(journal, lambda connection: connection.set_trace_callback(statements.append))
        statements.clear()
        await journal.intend(session, "web", "oxide.disk", "disk-1", {})
        assert statements[0] == "PRAGMA synchronous=FULL"
        assert statements[-1] == "COMMIT"
        statements.clear()
        journal.append(session, e.Noted(time=1.0, build="web", text="n"))
        await journal.flush()
        assert set(statements) & {"PRAGMA synchronous=FULL"} == set()
        assert "COMMIT" in statements


async def test_an_opening_that_is_cancelled_leaves_no_thread(path: Path) -> None:
    async def opening() -> None:
        async with Journal.open(path, Redactor()):
            pytest.fail("it was cancelled before it was open")

    task = asyncio.create_task(opening())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with Journal.open(path, Redactor()) as journal:
        assert await journal.begin_session("a") == 1
