"""Blocks inside of a source: told in its form, each with a form of its own."""

from __future__ import annotations

import json
from pathlib import Path

from oxtui.template.document import Document
from screens.compose.read import read_document
from screens.compose.reading import gathered
from screens.dialogs.choice import ChoiceDialog
from tests.builders.outscale.bench import IMAGE, template
from tests.screens.compose.stage import compose_of, do, settled, shown_text
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


async def test_blocks_are_opened_added_and_deleted_in_the_form(tmp_path: Path) -> None:
    path = tmp_path / "t.pkr.hcl"
    path.write_text(template(source=SOURCE))
    there = services(tmp_path, "http://127.0.0.1:9", "none", start=None)
    async with running(there, template=path) as pilot:
        await opened(pilot)
        screen = compose_of(pilot)
        assert (screen.errors, screen.why_not_build()) == ([], "")
        source = screen.outline.selected
        before = shown_text(pilot)
        screen.focus_row("source_omi_filter")
        for key in ("=", "e", "delete"):
            await do(pilot, key)
            assert shown_text(pilot) == before
        assert len(pilot.app._notifications) == 3

        await do(pilot, "enter")
        assert screen.outline.selected == f"{source}/source_omi_filter.0"
        screen.focus_row("most_recent")
        await do(pilot, "enter")
        assert "    most_recent = true\n" in shown_text(pilot)

        # Of those that may be several, one is chosen, or added behind them.
        screen.outline.select(source)
        await settled(pilot)
        screen.focus_row("launch_block_device_mappings")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog))
        await do(pilot, *"another", "enter")
        third = f"{source}/launch_block_device_mappings.2"
        assert screen.outline.selected == third
        assert [(each.part, each.field) for each in screen.errors] == [(third, "device_name")]
        assert screen.form.row is not None
        assert screen.form.row.field.name == "device_name"
        await do(pilot, "enter", *"/dev/sdd", "enter")
        assert screen.errors == []
        assert '{\n    device_name = "/dev/sdd"\n  }' in shown_text(pilot)

        screen.outline.focus()
        await do(pilot, "d")
        assert "/dev/sdd" not in shown_text(pilot)
        await do(pilot, "ctrl+z")
        assert "/dev/sdd" in shown_text(pilot)


async def test_in_json_a_block_is_left_to_the_text(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    filters = {"image-name": IMAGE}
    builder = {
        "type": "outscale-bsu", "vm_type": "tinav6.c1r1p2", "omi_name": "made",
        "ssh_username": "outscale", "source_omi_filter": {"filters": filters, "owners": ["self"]},
    }  # fmt: skip
    path.write_text(json.dumps({"builders": [builder]}, indent=2))
    there = services(tmp_path, "http://127.0.0.1:9", "none", start=None)
    async with running(there, template=path) as pilot:
        await opened(pilot)
        screen = compose_of(pilot)
        before = shown_text(pilot)
        for name in ("source_omi_filter", "net_filter"):
            screen.focus_row(name)
            await do(pilot, "enter")
        assert shown_text(pilot) == before
        assert [note.message for note in pilot.app._notifications] == [
            f"In JSON {name} is an object: write it in the text (f2)."
            for name in ("source_omi_filter", "net_filter")
        ]
