"""The Export screen in its main states, small and large."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.examples import example
from tests.export.sessions import Told
from tests.screens.conftest import TakePicture
from tests.screens.driving import press
from tests.screens.export.stage import staged

pytestmark = pytest.mark.usefixtures("one_grammar")

SIZES = [(80, 24), (120, 40)]
NAME = "oxide-instance.hello"


def told(*, found: bool = True) -> Told:
    made = Told("demo.pkr.hcl", simulated=True)
    made.build("file", "shell", "breakpoint", "shell", name=NAME, found=found)
    lines = ['for step in fetch unpack; do echo "$step: ok"; done', 'cat "${OXTUI_ROOT:-}$PAGE"']
    return made.edit(4, {"inline": lines}, NAME)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_views(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, told(), example("demo.pkr.hcl"), size) as pilot:
        await picture(pilot, "template")
        await press(pilot, "2")
        await picture(pilot, "changes")
        await press(pilot, "3")
        await picture(pilot, "notes")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_problem(tmp_path: Path, picture: TakePicture, size: tuple[int, int]) -> None:
    async with staged(tmp_path, told(found=False), example("demo.pkr.hcl"), size) as pilot:
        await picture(pilot, "problem")
