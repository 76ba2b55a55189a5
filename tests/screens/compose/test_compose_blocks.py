"""Blocks inside of a source: shown in the form, and left to the text."""

from __future__ import annotations

from pathlib import Path

from oxtui.template.document import Document
from screens.compose.read import read_document
from screens.compose.reading import gathered
from tests.builders.outscale.bench import template
from tests.screens.compose.stage import compose_of, settled
from tests.screens.driving import press, running, services, until
from tests.screens.test_rackless_build import opened

SOURCE = """
  launch_block_device_mappings {
    device_name = "/dev/sdb"
    volume_size = 1
  }
  launch_block_device_mappings { device_name = "/dev/sdc" }
"""


def test_blocks_are_told_in_a_few_words() -> None:
    text = template(source=SOURCE)
    part = gathered([read_document(Document(text, "t.pkr.hcl"))]).parts[0]
    told = {field.name: field.text for field in part.fields if field.spec.type == "block"}
    assert told["source_omi_filter"] == "{ filters, owners }"
    assert told["launch_block_device_mappings"] == "{ device_name, volume_size } and 1 more"
    assert told["net_filter"] == ""
    assert list(told) == [field.name for field in part.fields][-8 - len(told) : -8]
    assert part.fields[-1].spec.group == "Access"


async def test_a_block_is_edited_in_the_text_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.pkr.hcl"
    path.write_text(template(source=SOURCE))
    there = services(tmp_path, "http://127.0.0.1:9", "none", start=None)
    async with running(there, template=path) as pilot:
        await opened(pilot)
        screen = compose_of(pilot)
        assert (screen.errors, screen.why_not_build()) == ([], "")
        before = screen.bench.reading.sources[0].text if screen.bench else ""
        screen.focus_row("source_omi_filter")
        for key in ("enter", "=", "e", "delete"):
            await press(pilot, key)
            await settled(pilot)
            assert screen.bench is not None
            assert screen.bench.reading.sources[0].text == before
        assert len(pilot.app._notifications) == 4
        await press(pilot, "f2")
        await until(pilot, lambda: screen.in_text)
        line = before.splitlines()[screen.editor.cursor_location[0]]
        assert "source_omi_filter {" in line
