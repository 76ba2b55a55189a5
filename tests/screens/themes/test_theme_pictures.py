"""How the themes look, and oxtui without any colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.screens.conftest import TakePicture
from tests.screens.driving import loaded, press, running, services

Rack = tuple[str, str]


@pytest.mark.parametrize(
    "theme",
    ["oxtui-light", "oxtui-safe-dark", "oxtui-safe-light", "ansi-dark", "ansi-light", "nord"],
)
async def test_theme(theme: str, picture: TakePicture, pictured_rack: Rack, tmp_path: Path) -> None:
    given = services(tmp_path, *pictured_rack, settings={"general.theme": theme})
    async with running(given, (120, 40)) as pilot:
        await press(pilot, "4")
        await loaded(pilot)
        await picture(pilot, "disks")


async def test_without_colour_states_are_still_told_by_glyph_and_word(
    picture: TakePicture, pictured_rack: Rack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(services(tmp_path, *pictured_rack), (120, 40)) as pilot:
        await press(pilot, "4")
        await loaded(pilot)
        await picture(pilot, "disks")
        svg = pilot.app.export_screenshot(simplify=True)
    colours = {colour.lower() for colour in re.findall(r"fill[:=]\s*\"?(#[0-9a-fA-F]{6})", svg)}
    window = {"#ff5f57", "#febc2e", "#28c840", "#c5c8c6"}
    assert {c for c in colours - window if len({c[1:3], c[3:5], c[5:7]}) > 1} == set()
    assert "attached" in svg
    assert "detached" in svg
