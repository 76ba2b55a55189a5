"""How Browse looks, at the smallest size that is complete and at a usual one."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.actions.tabs import OXIDE
from tests.screens.conftest import TakePicture
from tests.screens.driving import loaded, press, running, services

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@SIZES
async def test_tabs(
    size: tuple[int, int], picture: TakePicture, pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        for key, name in enumerate(OXIDE.titles, 1):
            await press(pilot, str(key))
            await loaded(pilot)
            await picture(pilot, name)
