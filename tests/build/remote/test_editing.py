"""A step that failed is edited from another terminal: its text goes there and back, its secrets do not."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from oxtui.build.control import Policy
from oxtui.build.remote import client
from oxtui.build.remote.client import NotReached, RemoteSession
from oxtui.build.stops import Stopping
from oxtui.component import commands as c
from oxtui.component.events import StepEdited
from tests.build.remote.test_remote import BUILD, raw, stopped
from tests.builders.test_null import local, template

FIRST, SECOND = "provision-1", "provision-2"
SECRET = 'variable "pw" {\n default = "hunter22"\n sensitive = true\n}\n'
FAILS = SECRET + template(
    local("echo first"),
    local("test ${var.pw} = hunter22", "exit 3"),
    'provisioner "sleep" {\n duration = "1ms"\n }',
)
AT_FAILURE = Policy("ask", attended=True, stopping=Stopping(error=True))


async def test_only_the_step_that_failed_runs_again_with_its_secret(tmp_path: Path) -> None:
    async with stopped(tmp_path, FAILS, AT_FAILURE) as at:
        remote = await RemoteSession.open(at.folder)
        before = await remote.edit(BUILD, SECOND)
        assert before.title == "2 shell-local test <sensitive> = <sensitive>"
        assert (before.language, before.secrets) == ("bash", True)
        assert before.text == "test <sensitive 1> = <sensitive 1>\nexit 3\n"
        text = before.text.replace("exit 3", "echo repaired")
        assert await remote.edited(BUILD, SECOND, text, take=False) == ""
        assert at.session.state.builds[BUILD].pause is not None  # it was only checked
        assert await remote.edited(BUILD, SECOND, text, again=True) == ""
        assert (await at.running).status == "succeeded"
        steps = at.session.state.builds[BUILD].steps
        assert (steps[FIRST].attempt, steps[SECOND].attempt) == (1, 2)
        assert "repaired" in at.there.log(SECOND)
        await remote.close()


async def test_a_step_to_come_is_edited_and_what_is_wrong_is_said(tmp_path: Path) -> None:
    async with stopped(tmp_path, FAILS, AT_FAILURE) as at:
        remote = await RemoteSession.open(at.folder)
        before = await remote.edit(BUILD, "provision-3")
        assert (before.language, before.text.split()) == ("hcl", ["duration", "=", '"0.001s"'])
        told = await remote.edited(BUILD, "provision-3", "duration = 3 3", take=False)
        assert "edited step:1" in told.replace(" line ", ":")
        changed = asyncio.Event()
        at.session.subscribe(lambda e: changed.set() if isinstance(e, StepEdited) else None)
        assert await remote.edited(BUILD, "provision-3", 'duration = "2ms"\n') == ""
        await changed.wait()
        assert at.session.state.builds[BUILD].steps["provision-3"].changes == {"duration": 0.002}
        with pytest.raises(NotReached, match=r"'connect' of build .* is no step that"):
            await remote.edit(BUILD, "connect")
        told = await remote.edited(BUILD, FIRST, "x")
        assert told == "'provision-1' of build 'alpha.null.x' is not being edited."
        assert "longer than" in await remote.edited(BUILD, SECOND, "x" * (client.LONGEST_TEXT + 1))
        await remote.close()


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"type": "edit", "build": BUILD}, "edit takes no such 'step': a text is expected."),
        ({"type": "edit", "build": 1, "step": "s"}, "edit takes no such 'build': a text is"),
        (
            {"type": "edited", "build": BUILD, "step": "s", "text": "", "take": 1, "again": True},
            "edited takes no such 'take': true or false is expected.",
        ),
        ({"type": "edit", "build": "y", "step": "s"}, "'s' of build 'y' is no step that can be"),
    ],
)
async def test_what_is_no_edit_is_refused_and_the_connection_stays(
    tmp_path: Path, message: dict[str, Any], told: str
) -> None:
    async with stopped(tmp_path) as at, raw(at.folder) as other:
        await other.reader.readline()
        for number in (1, 2):
            other.writer.write(json.dumps({"id": number, **message}).encode() + b"\n")
            answer = json.loads(await other.reader.readline())
            assert (answer["id"], answer["ok"]) == (number, False)
            assert answer["error"].startswith(told)
        await at.session.command(c.Resume())
