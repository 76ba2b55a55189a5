"""What the journal keeps for a session that another process continues."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from oxtui.build.journal import Journal, JournalReader
from oxtui.build.journal.schema import MIGRATIONS
from oxtui.component import debugger_events as d
from oxtui.component import events as e
from oxtui.logs.redact import Redactor


async def test_a_session_that_is_continued_has_not_ended(tmp_path: Path) -> None:
    made = e.ArtifactMade(time=1, build="b", builder_id="o", id="i", name="web-01")
    async with Journal.open(tmp_path / "j", Redactor(["hunter2"])) as journal:
        number = await journal.begin_session("t", given='{"values": "hunter2"}')
        for event in (
            made,
            e.SessionFinished(time=2, status="failed", seconds=1, leftovers=1),
            d.SessionContinued(time=3, pid=77),
            made,
        ):
            journal.append(number, event)
        await journal.flush()
        found = await journal.session(number)
    assert found is not None
    assert (found.finished, found.status, found.pid, found.image) == (None, "", 77, "web-01")
    assert found.given == '{"values": "<sensitive>"}'


async def test_what_was_left_is_the_builds_again(tmp_path: Path) -> None:
    async with Journal.open(tmp_path / "j", Redactor()) as journal:
        number = await journal.begin_session("t")
        disk = await journal.intend(number, "b", "oxide.disk", "d", {})
        await journal.created(disk, "id")
        asked = await journal.intend(number, "b", "oxide.instance", "i", {})
        for each in (disk, asked):
            await journal.left(each, "kept on request", kept=True)
            await journal.taken_up(each)
        found = await journal.resources(number)
        session = await journal.session(number)
    assert [(r.state, r.reason, r.kept) for r in found] == [
        ("created", "", False), ("intended", "", False)
    ]  # fmt: skip
    assert session is not None
    assert (session.leftovers, session.made, session.existing) == (2, 2, 2)


async def test_a_journal_of_an_older_oxtui_is_read_and_its_sessions_cannot_go_on(
    tmp_path: Path,
) -> None:
    path = tmp_path / "j"
    connection = sqlite3.connect(path)
    for statement in MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute(
        "INSERT INTO sessions (template, host, silo, simulated, pid, started)"
        " VALUES ('t', '', '', 0, 1, 1.0)"
    )
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    async with JournalReader.open(path) as reader:
        (old,) = await reader.sessions()
    assert (old.template, old.given) == ("t", "")
    async with Journal.open(path, Redactor()) as journal:
        assert await journal.begin_session("u", given="{}") == 2
        assert [each.given for each in await journal.sessions()] == ["", "{}"]
