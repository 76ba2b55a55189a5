"""How the dialogs over Browse look."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.conftest import TakePicture
from tests.screens.driving import loaded, press, running, services, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@SIZES
async def test_dialogs(
    size: tuple[int, int], picture: TakePicture, pictured_rack: tuple[str, str], tmp_path: Path
) -> None:
    async with running(services(tmp_path, *pictured_rack), size) as pilot:
        await loaded(pilot)
        for keys, name in (
            (("d",), "delete-image"),
            (("escape", "b"), "boot"),
            (("escape", "P"), "demote"),
            (("escape", "o"), "project"),
            (("escape", "question_mark"), "help"),
            (("escape", "ctrl+p"), "palette"),
            (("d", "e", "l"), "palette-found"),
            (("escape", "colon", *"vpcs web /all"), "jump"),
        ):
            await press(pilot, *keys)
            await picture(pilot, name)
        await press(pilot, "escape", "3")
        await loaded(pilot)
        await press(pilot, "x")
        await until(pilot, lambda: pilot.app.screen.query("Toast"))
        await picture(pilot, "disabled")
        pilot.app.clear_notifications()
        await press(pilot, "d")
        await picture(pilot, "delete-instance")
        await press(pilot, "escape", "8")
        await loaded(pilot)
        await press(pilot, "a")
        await picture(pilot, "add-key")
