"""Post-processors in Compose: added, moved, switched, deleted, and their forms."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.compose.lookup_dialog import LookupDialog
from tests.screens.compose.stage import (
    SIZES,
    TEMPLATE,
    compose_of,
    composing,
    do,
    settled,
    shown_text,
    type_in,
    with_template,
)
from tests.screens.conftest import TakePicture
from tests.screens.driving import press, until

CHAINS = """
  post-processors {
    post-processor "checksum" {
      checksum_types = ["sha256"]
    }
    post-processor "manifest" {
      output = "web.json"
    }
  }

  post-processor "manifest" {
    name = "all"
  }
}
"""
CHAINED = TEMPLATE.rstrip().removesuffix("}") + CHAINS


def titles(pilot: Pilot[int]) -> list[str]:
    """The post-processors, chain by chain; those that are off in brackets."""
    bench = compose_of(pilot).bench
    assert bench is not None
    return [
        f"{part.index} {part.title if part.enabled else f'({part.title})'}"
        for part in bench.reading.of_kind("post-processor")
    ]


@pytest.mark.slow
async def test_they_are_added_moved_switched_and_deleted(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    chained = CHAINED.replace("sha256", "crc32")
    path = await with_template(tmp_path, chained)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        (problem,) = screen.errors
        assert problem.field == "checksum_types"
        assert "Unrecognized checksum type: crc32; use md5, sha1," in problem.text
        screen.outline.focus()
        screen.outline.select("build.0.post-processor.0.1")
        await do(pilot, "space")
        assert titles(pilot) == ["0 checksum", "0 (manifest)", "1 manifest"]
        await do(pilot, "J")
        assert titles(pilot) == ["0 manifest", "1 checksum", "1 (manifest)"]
        await do(pilot, "d")
        assert titles(pilot) == ["0 manifest", "1 checksum"]
        await do(pilot, "ctrl+z", "ctrl+z", "ctrl+z")
        assert shown_text(pilot) == chained

        await pilot.press("A", *"checksum", "enter")
        await settled(pilot)
        assert titles(pilot)[-1] == "2 checksum"
        screen.focus_row("keep_input_artifact")
        await do(pilot, "enter")
        assert "keep_input_artifact = true" in shown_text(pilot)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
async def test_a_chain(
    size: tuple[int, int],
    picture: TakePicture,
    pictured_rack: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    await with_template(tmp_path, CHAINED)
    async with composing(tmp_path, pictured_rack, "file", "web.pkr.hcl", size=size) as pilot:
        compose_of(pilot).outline.select("build.0.post-processor.0.1")
        await settled(pilot)
        await picture(pilot, "chain")


@pytest.mark.slow
async def test_the_helper_that_reads_a_disk_is_chosen_among_the_racks_images(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    maas = '\n  post-processor "oxtui-maas" {\n    capture = "disk"\n  }\n}\n'
    path = await with_template(tmp_path, TEMPLATE.rstrip().removesuffix("}") + maas)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        assert ["needs helper_image beside it" in each.text for each in screen.errors] == [True]
        screen.outline.select("build.0.post-processor.0.0")
        await settled(pilot)
        screen.focus_row("helper_image")
        await press(pilot, "enter")
        dialog = pilot.app.screen
        assert isinstance(dialog, LookupDialog)
        await until(pilot, lambda: dialog._choices)
        await type_in(pilot, "debian-12")
        await do(pilot, "enter")
        assert 'helper_image = "' in shown_text(pilot)
        assert screen.errors == []
        screen.focus_row("capture")
        await settled(pilot)
        assert screen.form.row is not None
        assert "the disk that the build made its image of" in screen.form.row.field.spec.help
