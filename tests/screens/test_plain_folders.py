"""On a demo rack whose instances are plain folders, what oxtui did not come with is asked about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from oxtui.demo import DemoRack
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from screens.builds import Job, NotStarted
from screens.connection import Link
from screens.dialogs.confirm import ConfirmDialog
from tests.screens.build.stage import staged

CONNECTION = Connection("http://rack.example", Token("oxide-token-none"))
BANNER = "Instances are plain folders, not isolated: their commands run as you."
MINE = Job("mine.pkr.hcl", 'source "null" "mine" {}\n')


@pytest.fixture
async def pilot(tmp_path: Path) -> AsyncIterator[Pilot[int]]:
    async with staged(tmp_path, lambda session: None) as (pilot, _):
        yield pilot


def _link(pilot: Pilot[int], *, confined: bool) -> Link:
    app: Any = pilot.app
    rack = DemoRack(CONNECTION, "none", 22, 1, BANNER, confined=confined)
    app.connector.state = replace(app.connector.state, isolation="none", demo=rack)
    link: Link = app.connector.state
    return link


async def test_a_confined_rack_asks_and_a_no_starts_nothing(pilot: Pilot[int]) -> None:
    app: Any = pilot.app
    _link(pilot, confined=True)
    app.start_build(MINE)
    await pilot.pause()
    assert isinstance(app.screen, ConfirmDialog)
    assert BANNER in " ".join(str(part.render()) for part in app.screen.query("Static"))
    await pilot.press("escape")
    await app.workers.wait_for_complete()
    assert app.builds.all == []
    assert not isinstance(app.screen, ConfirmDialog)


async def test_a_rack_that_nothing_confines_builds_only_the_example(pilot: Pilot[int]) -> None:
    app: Any = pilot.app
    link = _link(pilot, confined=False)
    with pytest.raises(NotStarted, match="builds only its own example here") as refused:
        await app.builds.start(MINE, link)
    assert str(refused.value).startswith(BANNER)
    assert "oxtui rack serve --isolation none" in str(refused.value)
    assert app.builds.all == []


async def test_the_example_is_built_with_the_banner_shown(
    pilot: Pilot[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    app: Any = pilot.app
    _link(pilot, confined=False)
    started: list[Job] = []

    async def start(job: Job, link: Link) -> Any:
        started.append(job)
        raise NotStarted("enough seen")

    monkeypatch.setattr(app.builds, "start", start)
    app.do_build_example()
    await app.workers.wait_for_complete()
    assert [job.name for job in started] == ["demo.pkr.hcl"]
    assert BANNER in [note.message for note in app._notifications]
