"""What the operator is told and asked before a session goes on whose machine is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from oxtui.build.journal import SessionRecord
from oxtui.build.journal.checkpoint_rows import Checkpoint
from oxtui.build.resume.continued import Continued
from oxtui.build.resume.given import Given
from oxtui.build.session import SessionFolder
from screens.dialogs.choice import ChoiceDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.sessions.lost_machines import LostMachine
from screens.sessions.resume_question import beginning, is_chosen, question
from tests.screens.build.sessions import START, ScriptedSession
from tests.screens.conftest import TakePicture
from tests.screens.driving import loaded, press, running, services, until
from tests.screens.racks import NOW

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
NAME = "packer-1795000000-7f3a"
CHECKPOINT = Checkpoint(
    key="k", resource=4, name="oxtui-checkpoint-1", id="1", host="", silo="", project="", session=41,
    build="web-01", template="web.pkr.hcl", step="provision-1", title="1 file", size=20 << 30,
    taken=NOW.timestamp() - 200, used=NOW.timestamp() - 200,
)  # fmt: skip
KEY_LOST = LostMachine("web-01", "instance", NAME, gone=False, disk=NAME)
KEPT = replace(KEY_LOST, checkpoint=CHECKPOINT)
GONE = LostMachine("web-01", "instance", NAME, gone=True)


def killed(folder: Path) -> Continued:
    """A session whose process was killed in its third provisioner."""
    session = ScriptedSession(folder)
    session.begin()
    for step in ("preflight", "ssh-key", "instance", "connect", "provision-1", "provision-2"):
        session.run(step, 2)
    session.start("provision-3")
    session.make("oxide.instance", NAME, "1")
    record = SessionRecord(
        number=41, template="web.pkr.hcl", host="http://rack.example", silo="demo", simulated=True,
        pid=1, started=START, finished=None, status="", image="", leftovers=3, made=3, existing=3,
        given="{}",
    )  # fmt: skip
    given = Given(template="web.pkr.hcl", folder=str(folder))
    return Continued(record, given, session.state, SessionFolder(41, folder))


def told(pilot: Pilot[int]) -> str:
    return " ".join(str(each.visual) for each in pilot.app.screen.query(Static))


@SIZES
@pytest.mark.parametrize("name", ["key-lost", "key-lost-checkpoint", "gone"])
async def test_question(
    size: tuple[int, int],
    name: str,
    picture: TakePicture,
    pictured_rack: tuple[str, str],
    tmp_path: Path,
) -> None:
    lost = {"key-lost": KEY_LOST, "key-lost-checkpoint": KEPT, "gone": GONE}[name]
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        await loaded(pilot)
        pilot.app.push_screen(question(killed(tmp_path), [lost]))
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmDialog))
        assert NAME in told(pilot)
        await picture(pilot, name)


@SIZES
async def test_the_next_instance(
    size: tuple[int, int], picture: TakePicture, pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    answers: list[str | None] = []
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        await loaded(pilot)
        assert is_chosen([KEPT])
        dialog = beginning([KEPT], NOW.timestamp())
        pilot.app.push_screen(dialog, answers.append)
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog))
        await picture(pilot, "next-instance")
        await press(pilot, *"checkpoint", "enter")
        assert answers == ["checkpoint"]


def test_nothing_is_asked_where_only_one_thing_is_left() -> None:
    assert not is_chosen([KEY_LOST, GONE, replace(KEPT, disk="")])
