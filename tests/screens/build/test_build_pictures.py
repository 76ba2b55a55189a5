"""The Build screen in its main states, small and large."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from screens.build.source import Desk
from tests.screens.build import scenes
from tests.screens.build.sessions import ScriptedSession
from tests.screens.build.stage import redrawn, screen_of, staged
from tests.screens.conftest import TakePicture

SIZES = [(80, 24), (120, 40)]


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


async def _edit(_build: str, _step: str) -> None:
    return None


DESK = Desk(shell=lambda _build: None, edit=_edit, recall=scenes.recall)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    "scene",
    [scenes.starting, scenes.running, scenes.failed, scenes.at_breakpoint, scenes.finished],
    ids=lambda scene: scene.__name__,
)
async def test_states(
    tmp_path: Path,
    picture: TakePicture,
    scene: Callable[[ScriptedSession], None],
    size: tuple[int, int],
) -> None:
    async with staged(tmp_path, scene, size, DESK) as (pilot, _):
        await redrawn(pilot)
        await picture(pilot, "build")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_tabs(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, scenes.finished, size, DESK) as (pilot, _):
        for tab in ("serial", "timeline", "resources", "calls"):
            screen_of(pilot).open_tab(tab)
            await redrawn(pilot)
            await picture(pilot, tab)
