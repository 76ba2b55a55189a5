"""How Sessions looks: empty, with a history, with leftovers, and a session that is replayed."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from oxtui.build.bundle.reader import open_bundle
from oxtui.build.disposal import Leftover
from oxtui.build.environment import journal_path
from oxtui.build.journal import Journal
from oxtui.build.session import SessionFolders
from oxtui.component.events import ArtifactMade, BuildStatus, Event, SessionFinished
from oxtui.component.resources import ResourceRecord
from oxtui.logs.redact import Redactor
from screens.build.screen import BuildScreen
from screens.dialogs.form import FormDialog
from screens.services import Services
from screens.sessions.leftovers import question
from screens.sessions.screen import SessionsScreen
from tests.screens.build.sessions import START, ScriptedSession
from tests.screens.conftest import TakePicture
from tests.screens.driving import loaded, press, running, services, until
from tests.screens.racks import NOW


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
Rack = tuple[str, str]
DAY = 86400.0


def _services(folder: Path, rack: Rack) -> Services:
    given = services(folder, *rack)
    paths = replace(given.settings.paths, sessions=folder / "sessions")
    return replace(given, settings=replace(given.settings, paths=paths))


def _played(folder: Path) -> list[Event]:
    """The events of a build that failed at its third provisioner and was aborted."""
    heard: list[Event] = []
    session = ScriptedSession(folder)
    session.subscribe(heard.append)
    session.begin()
    for step, seconds in (("preflight", 0.2), ("ssh-key", 0.1), ("instance", 14.2), ("connect", 3)):
        session.run(step, seconds)
    session.run("provision-1", 1.1)
    session.run("provision-2", 41)
    session.run("provision-3", 12, "failed")
    session.run("cleanup", 8)
    session.finish("failed", "setup.sh ended with exit status 100.")
    return heard


async def _history(folder: Path) -> None:
    """Sessions of every kind of end, as their processes would have written them."""
    sessions = folder / "sessions"
    sessions.mkdir()
    times = iter(
        (NOW.timestamp() - 12 * DAY, *(NOW.timestamp() - days * DAY for days in (3, 2, 1)))
    )
    now = [next(times)]
    async with Journal.open(journal_path(sessions), Redactor(), now=lambda: now[0]) as journal:

        async def session(
            template: str, host: str, status: BuildStatus | None, seconds: float, image: str = ""
        ) -> int:
            number = await journal.begin_session(
                template, host=host, silo="demo", simulated=host == "http://rack.example"
            )
            if image:
                made = ArtifactMade(
                    time=now[0] + seconds, build="web", builder_id="oxide", id="1", name=image
                )
                journal.append(number, made)
            if status is not None:
                over = SessionFinished(time=now[0] + seconds, status=status, seconds=seconds)
                journal.append(number, over)
            return number

        await session("web.pkr.hcl", "https://web.sys.example.com", "succeeded", 152, "web-01")
        now[0] = next(times)
        died = await session("postgres.pkr.hcl", "https://web.sys.example.com", None, 0)
        for kind, name in (
            ("oxide.instance", "oxtui-postgres-7f3a"),
            ("oxide.disk", "oxtui-postgres-7f3a"),
            ("oxide.ssh_key", "oxtui-postgres-7f3a"),
        ):
            await journal.intend(died, "postgres", kind, name, {"host": "https://web"})
        now[0] = START
        failed = await session("web.pkr.hcl", "http://rack.example", None, 0)
        for event in _played(folder):
            journal.append(failed, event)
        over = SessionFinished(time=START + 84, status="failed", seconds=84)
        journal.append(failed, over)
        now[0] = NOW.timestamp() - DAY
        await session("hello.pkr.hcl", "http://rack.example", "cancelled", 31)
        now[0] = NOW.timestamp() - 95
        await session("hello.pkr.hcl", "http://rack.example", None, 0)
        await journal.flush()


@SIZES
async def test_none(
    size: tuple[int, int], picture: TakePicture, pictured_rack: Rack, tmp_path: Path
) -> None:
    async with running(_services(tmp_path, pictured_rack), size) as pilot:
        await loaded(pilot)
        await press(pilot, "f3")
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen))
        screen = pilot.app.screen
        assert isinstance(screen, SessionsScreen)
        await until(pilot, lambda: "No session" in screen.table.empty[0])
        await picture(pilot, "empty")


@SIZES
async def test_history(
    size: tuple[int, int], picture: TakePicture, pictured_rack: Rack, tmp_path: Path
) -> None:
    await _history(tmp_path)
    with SessionFolders(tmp_path / "sessions").claim(5):
        async with running(_services(tmp_path, pictured_rack), size) as pilot:
            await loaded(pilot)
            await press(pilot, "f3")
            await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen))
            screen = pilot.app.screen
            assert isinstance(screen, SessionsScreen)
            await until(pilot, lambda: len(screen.model) == 5)
            await picture(pilot, "history")
            await press(pilot, "l")
            await until(pilot, lambda: pilot.app.screen.query("Toast"))
            await picture(pilot, "still-running")
            pilot.app.clear_notifications()
            await press(pilot, "down", "down", "down")
            assert screen.current is not None
            assert (screen.current.state, screen.current.leftovers) == ("cut_off", 3)
            pilot.app.push_screen(question(2, _left()))
            await picture(pilot, "leftovers")
            await press(pilot, "escape", "question_mark")
            await picture(pilot, "help")
            await press(pilot, "escape", "up", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, BuildScreen))
            build = pilot.app.screen
            assert isinstance(build, BuildScreen)
            await until(pilot, lambda: build.session and build.state.builds)
            await picture(pilot, "replay")
            await press(pilot, "escape")
            await until(pilot, lambda: pilot.app.screen is screen)
            assert screen.current.record.number == 3


def _left() -> list[Leftover]:
    """What a sweeper finds of the killed session."""
    return [
        Leftover(
            record=ResourceRecord(
                number=number, session=2, build="postgres", kind=f"oxide.{kind}",
                name="oxtui-postgres-7f3a", id="1", time=0,
            ),
            age=3 * DAY,
            command="",
            cost=cost,
            exists=True,
        )
        for number, (kind, cost) in enumerate(
            (("instance", "2 vCPUs, 2 GiB"), ("disk", "20 GiB"), ("ssh_key", ""))
        )
    ]  # fmt: skip


async def test_a_bundle_is_made_where_the_operator_says(
    picture: TakePicture, pictured_rack: Rack, tmp_path: Path
) -> None:
    await _history(tmp_path)
    async with running(_services(tmp_path, pictured_rack), (80, 24)) as pilot:
        await loaded(pilot)
        await press(pilot, "f3")
        await until(pilot, lambda: isinstance(pilot.app.screen, SessionsScreen))
        screen = pilot.app.screen
        assert isinstance(screen, SessionsScreen)
        await until(pilot, lambda: len(screen.model) == 5)
        await press(pilot, "down", "down", "b")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormDialog))
        await picture(pilot, "bundle")
        target = tmp_path / "b.zip"
        pilot.app.screen.query_one("#path", Input).value = str(target)
        await press(pilot, "enter")
        await until(pilot, target.exists)
        await until(pilot, lambda: any("Packed" in n.title for n in pilot.app._notifications))
        assert open_bundle(target).replay.state.session == "41"
