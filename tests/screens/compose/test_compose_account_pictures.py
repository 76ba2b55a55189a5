"""Pictures of Compose on an Outscale account."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from screens.dialogs.choice import ChoiceDialog
from tests.screens.compose.stage import compose_of, do, settled
from tests.screens.compose.test_compose_account import SOURCE, composing, given, offered
from tests.screens.conftest import TakePicture
from tests.screens.driving import press, until

FILTER = """\
  source_omi_filter {
    filters     = { image-name = "Ubuntu-24.04-*" }
    owners      = ["Outscale"]
    most_recent = true
  }
"""


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_pictures_of_an_account(
    size: tuple[int, int],
    picture: TakePicture,
    tmp_path: Path,
    pictured_account: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    text = given(source_omi="ami-84f82564").replace("\n  launch", f"\n{FILTER}\n  launch")
    async with composing(tmp_path, pictured_account, text, size) as pilot:
        compose_of(pilot).focus_row("source_omi")
        await settled(pilot)
        await picture(pilot, "not-there")
        await offered(pilot, "source_omi")
        await picture(pilot, "choosing")
        await do(pilot, "escape")
        compose_of(pilot).outline.select(f"{SOURCE}/launch_block_device_mappings.0")
        await settled(pilot)
        compose_of(pilot).focus_row("volume_type")
        await settled(pilot)
        await picture(pilot, "block")
        compose_of(pilot).outline.select(f"{SOURCE}/source_omi_filter.0")
        await settled(pilot)
        compose_of(pilot).focus_row("filters")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog))
        await picture(pilot, "keys-of-a-filter")
