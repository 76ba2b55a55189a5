"""The journal keeps what happened, for every process that asks."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from oxtui.build.folding import fold
from oxtui.build.journal import Journal, JournalError, JournalReader, SecretInName
from oxtui.build.journal.schema import VERSION
from oxtui.build.state import SessionState
from oxtui.component import events as e
from oxtui.logs.redact import Redactor


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions" / "journal.sqlite"


SESSION = [
    e.SessionStarted(time=10.0, session="1", template="web.pkr.hcl", host="https://rack.test"),
    e.BuildPlanned(
        time=10.5,
        build="web",
        steps=(e.StepPlan(id="instance", kind="prepare", title="instance"),),
        values=(e.PlanValue(name="project", value="web", source="template"),),
    ),
    e.StepStarted(time=11.0, build="web", step="instance"),
    e.StepFinished(
        time=12.0,
        build="web",
        step="instance",
        status="failed",
        seconds=1.0,
        failure=e.Failure(summary="no capacity", last_lines=("a", "b")),
    ),
    e.ArtifactMade(time=12.5, build="web", builder_id="oxide.instance", id="i-1", name="web-01"),
    e.ArtifactMade(time=12.6, build="db", builder_id="oxide.instance", id="i-2", name="db-01"),
    e.SessionFinished(time=13.0, status="failed", seconds=3.0),
]


async def test_a_session_is_replayed_as_it_was(path: Path) -> None:
    async with Journal.open(path, Redactor()) as journal:
        number = await journal.begin_session("web.pkr.hcl", host="https://rack.test", silo="eng")
        for event in SESSION:
            journal.append(number, event)
        await journal.flush()
        stored = await journal.events(number)
        assert [each.event for each in stored] == SESSION
        later = await journal.events(number, after=stored[2].number)
        assert [each.event for each in later] == SESSION[3:]
    async with JournalReader.open(path) as reader:
        state = SessionState()
        for each in await reader.events(number):
            state = fold(state, each.event)
        assert state.builds["web"].steps["instance"].phase == "failed"
        (session,) = await reader.sessions()
        assert (session.number, session.template, session.silo) == (1, "web.pkr.hcl", "eng")
        assert (session.status, session.finished) == ("failed", 13.0)
        assert session.image == "web-01, db-01"
        assert await reader.session(number) == session
        assert await reader.session(99) is None


async def test_what_was_appended_is_written_when_the_journal_closes(path: Path) -> None:
    async with Journal.open(path, Redactor()) as journal:
        number = await journal.begin_session("a")
        for count in range(5000):
            journal.append(number, e.Noted(time=float(count), build="a", text=f"note {count}"))
    async with JournalReader.open(path) as reader:
        notes = [each.event for each in await reader.events(number)]
    assert [note.time for note in notes] == [float(count) for count in range(5000)]


async def test_a_resource_goes_from_intent_to_its_end(path: Path) -> None:
    async with Journal.open(path, Redactor(), now=lambda: 77.0) as journal:
        session = await journal.begin_session("a")
        place = {"host": "https://rack.test", "project": "web"}
        number = await journal.intend(session, "web", "oxide.disk", "disk-1", place)
        (record,) = await journal.resources()
        assert (record.state, record.id, record.time) == ("intended", "", 77.0)
        assert record.locator == place
        await journal.identified(number, "uuid-1")
        assert [r.state for r in await journal.resources(states=["created"])] == ["created"]
        await journal.left(number, "the rack said no", kept=True)
        await journal.identified(number, "uuid-2")
        (record,) = await journal.resources(session)
        assert (record.state, record.reason, record.kept) == ("left", "the rack said no", True)
        assert record.id == "uuid-2"
        assert (await journal.sessions())[0].leftovers == 1
        await journal.deleted(number)
        (record,) = await journal.resources()
        assert (record.state, record.reason, record.kept) == ("deleted", "", False)
        assert (await journal.sessions())[0].leftovers == 0


async def test_a_released_resource_is_no_leftover(path: Path) -> None:
    async with Journal.open(path, Redactor()) as journal:
        session = await journal.begin_session("a")
        number = await journal.intend(session, "web", "oxide.image", "web-01", {})
        await journal.created(number, "uuid-1")
        await journal.release(number)
        (record,) = await journal.resources()
        assert (record.state, record.released) == ("created", True)
        assert (await journal.sessions())[0].leftovers == 0


async def test_numbers_are_never_used_twice(path: Path) -> None:
    async with Journal.open(path, Redactor()) as journal:
        first = await journal.begin_session("a")
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM sessions")
    connection.close()
    async with Journal.open(path, Redactor()) as journal:
        assert await journal.begin_session("b") == first + 1


async def test_an_unknown_resource_is_an_error_and_harms_no_other(path: Path) -> None:
    async with Journal.open(path, Redactor()) as journal:
        session = await journal.begin_session("a")
        number = await journal.intend(session, "web", "oxide.disk", "disk-1", {})
        wrong, right = await asyncio.gather(
            journal.deleted(999), journal.created(number, "x"), return_exceptions=True
        )
        assert isinstance(wrong, LookupError)
        assert right is None
        assert (await journal.resources())[0].id == "x"


async def test_other_processes_read_while_it_is_written(path: Path) -> None:
    program = (
        "import asyncio, json, sys\n"
        "from pathlib import Path\n"
        "from oxtui.build.journal import JournalReader\n"
        "async def main():\n"
        "    async with JournalReader.open(Path(sys.argv[1])) as reader:\n"
        "        print(json.dumps([r.name for r in await reader.resources()]))\n"
        "asyncio.run(main())\n"
    )
    async with Journal.open(path, Redactor()) as journal:
        session = await journal.begin_session("a")
        await journal.intend(session, "web", "oxide.disk", "disk-1", {})
        reading = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, str(path), stdout=subprocess.PIPE
        )
        number = await journal.intend(session, "web", "oxide.disk", "disk-2", {})
        output, _ = await reading.communicate()
        assert number == 2
    assert json.loads(output)[0] == "disk-1"


async def test_two_processes_write_into_one_journal(path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from oxtui.build.journal import Journal\n"
        "from oxtui.logs.redact import Redactor\n"
        "async def main():\n"
        "    async with Journal.open(Path(sys.argv[1]), Redactor()) as journal:\n"
        "        session = await journal.begin_session(sys.argv[2])\n"
        "        for count in range(20):\n"
        "            await journal.intend(session, 'b', 'oxide.disk', f'disk-{count}', {})\n"
        "asyncio.run(main())\n"
    )
    running = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, str(path), name)
        for name in "abc"
    ]
    assert [await each.wait() for each in running] == [0, 0, 0]
    async with JournalReader.open(path) as reader:
        assert {s.leftovers for s in await reader.sessions()} == {20}
        assert len({r.number for r in await reader.resources()}) == 60


async def test_only_its_owner_can_read_it(path: Path) -> None:
    async with Journal.open(path, Redactor()) as journal:
        await journal.begin_session("a")
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_an_absent_journal_is_empty_and_stays_absent(path: Path) -> None:
    async with JournalReader.open(path) as reader:
        assert await reader.sessions() == []
        assert await reader.resources() == []
    assert not path.parent.exists()


async def test_a_reader_sees_a_journal_that_comes_after_it(path: Path) -> None:
    async with JournalReader.open(path) as reader:
        assert await reader.sessions() == []
        async with Journal.open(path, Redactor()) as journal:
            await journal.begin_session("a")
            assert [s.template for s in await reader.sessions()] == ["a"]


async def test_an_event_of_a_newer_oxtui_is_left_out(path: Path) -> None:
    async with Journal.open(path, Redactor()) as journal:
        number = await journal.begin_session("a")
        journal.append(number, e.Noted(time=1.0, build="a", text="known"))
        await journal.flush()
        with sqlite3.connect(path) as connection:
            connection.execute(
                "INSERT INTO events (session, record) VALUES (?, ?)",
                (number, '{"type": "of_tomorrow", "time": 2.0}'),
            )
        connection.close()
        assert [each.event.time for each in await journal.events(number)] == [1.0]


async def test_a_journal_of_a_newer_oxtui_is_refused(path: Path) -> None:
    async with Journal.open(path, Redactor()):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()
    with pytest.raises(JournalError, match="newer oxtui"):
        async with Journal.open(path, Redactor()):
            pass
    async with JournalReader.open(path) as reader:
        with pytest.raises(JournalError, match="newer oxtui"):
            await reader.sessions()


async def test_no_file_holds_a_secret(path: Path) -> None:
    canary = 'canary-"7f3a\\9b'
    redactor = Redactor()
    async with Journal.open(path, redactor) as journal:
        redactor.add(canary)
        session = await journal.begin_session(f"{canary}.pkr.hcl", host=canary, silo=canary)
        journal.append(session, e.Noted(time=1.0, build=canary, text=f"password {canary}!"))
        journal.append(
            session,
            e.StepFinished(
                time=2.0,
                build="web",
                step="x",
                status="failed",
                seconds=1.0,
                failure=e.Failure(summary=canary, last_lines=("ok", f"> {canary}")),
            ),
        )
        journal.append(
            session,
            e.ArtifactMade(
                time=3.0, build="web", builder_id="x", id=canary, name=canary,
                fields=(("password", canary),),
            ),
        )  # fmt: skip
        number = await journal.intend(session, canary, "oxide.disk", "disk-1", {})
        await journal.left(number, f"cannot log in with {canary}")
        await journal.flush()
        (note, *_) = await journal.events(session)
        assert isinstance(note.event, e.Noted)
        assert note.event.text.startswith("password ")
        for file in path.parent.iterdir():
            data = file.read_bytes()
            assert canary.encode() not in data, file
            assert json.dumps(canary)[1:-1].encode() not in data, file


@pytest.mark.parametrize("where", ["name", "place"])
async def test_a_resource_whose_name_is_secret_is_not_made(path: Path, where: str) -> None:
    async with Journal.open(path, Redactor(["hunter2"])) as journal:
        session = await journal.begin_session("a")
        name = "web-hunter2" if where == "name" else "web"
        place = {"project": "hunter2"} if where == "place" else {}
        with pytest.raises(SecretInName, match="secret") as caught:
            await journal.intend(session, "web", "oxide.disk", name, place)
        assert "hunter2" not in str(caught.value)
        assert await journal.resources() == []
