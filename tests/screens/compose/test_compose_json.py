"""Templates in JSON in Compose: HCL's JSON syntax and legacy ones, as a form and as text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.screens.compose.stage import compose_of, composing, do, field_text, settled
from tests.screens.conftest import TakePicture
from tests.screens.driving import press

HCL_JSON = """\
{
  "//": "made by a program",
  "variable": {
    "cpus": {"type": "number", "default": 2}
  },
  "source": {
    "oxide-instance": {
      "web": {
        "project": "web",
        "boot_disk_image_id": "ubuntu-24-04",
        "cpus": "${var.cpus}",
        "ssh_username": "ubuntu",
        "artifact_name": "web-{{timestamp}}"
      }
    }
  },
  "build": {
    "sources": ["source.oxide-instance.web"],
    "provisioner": [
      {"shell": {"inline": ["set -eu", "echo ${var.cpus} $${HOME}"]}}
    ]
  }
}
"""
LEGACY = """\
{
  "_comment": "before 2020",
  "variables": {
    "project": "web",
    "password": "hunter22"
  },
  "sensitive-variables": ["password"],
  "builders": [{
    "type": "oxide-instance",
    "name": "web",
    "project": "{{user `project`}}",
    "boot_disk_image_id": "ubuntu-24-04",
    "ssh_username": "ubuntu",
    "ssh_password": "{{user `password`}}",
    "artifact_name": "web-{{timestamp}}"
  }],
  "provisioners": [{
    "type": "shell",
    "inline": ["set -eu", "echo ${HOME} {{user `project`}}"]
  }]
}
"""


def _written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def _text(pilot: Pilot[int]) -> str:
    bench = compose_of(pilot).bench
    assert bench is not None
    return bench.reading.text


@pytest.mark.slow
@pytest.mark.parametrize(("name", "text"), [("t.pkr.json", HCL_JSON), ("t.json", LEGACY)])
async def test_a_field_changes_its_value_and_nothing_else(
    tmp_path: Path, pictured_rack: tuple[str, str], name: str, text: str
) -> None:
    path = _written(tmp_path, name, text)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        assert screen.errors == []
        assert screen.part is not None
        assert screen.part.title == "web"
        screen.focus_row("artifact_name")
        await do(pilot, "enter", *"-x", "enter")
        changed = text.replace('"web-{{timestamp}}"', '"web-{{timestamp}}-x"')
        assert _text(pilot) == changed
        screen.focus_row("memory")
        await do(pilot, "enter", *"4", "space", *"GiB", "enter")
        assert json.loads(_text(pilot))
        assert '"memory": 4294967296' in _text(pilot)
        await press(pilot, "ctrl+z")
        await settled(pilot)
        assert _text(pilot) == changed
        await press(pilot, "ctrl+z")
        await settled(pilot)
        assert _text(pilot) == text
        await press(pilot, "ctrl+y")
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert path.read_text() == changed


async def test_a_script_of_a_legacy_template_is_typed_as_it_is(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = _written(tmp_path, "t.json", LEGACY)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        screen.outline.select("build.0.provisioner.0")
        await settled(pilot)
        assert field_text(pilot, "inline") == "set -eu\necho ${HOME} {{user `project`}}"
        screen.outline.select("variable.project")
        await settled(pilot)
        screen.focus_row("default")
        await do(pilot, "enter", "home", *"var.", "enter")
        assert json.loads(_text(pilot))["variables"]["project"] == "var.web"


async def test_text_of_json_is_edited_and_what_is_wrong_told(
    tmp_path: Path, pictured_rack: tuple[str, str]
) -> None:
    path = _written(tmp_path, "t.json", LEGACY)
    async with composing(tmp_path, pictured_rack, "file", str(path)) as pilot:
        screen = compose_of(pilot)
        await do(pilot, "f2")
        assert screen.editor.text == LEGACY
        screen.editor.move_cursor((2, 0))
        await do(pilot, "x")
        assert any("key in double quotes" in problem.text for problem in screen.errors)
        await do(pilot, "backspace")
        assert screen.errors == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("name", "text"), [("t.pkr.json", HCL_JSON), ("t.json", LEGACY)], ids=["hcl", "legacy"]
)
async def test_pictures(
    tmp_path: Path,
    pictured_rack: tuple[str, str],
    picture: TakePicture,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    name: str,
    text: str,
) -> None:
    _written(tmp_path, name, text)
    monkeypatch.chdir(tmp_path)
    async with composing(tmp_path, pictured_rack, "file", name, size=size) as pilot:
        compose_of(pilot).outline.select("build.0.provisioner.0")
        await settled(pilot)
        await picture(pilot, "form")
        await do(pilot, "f2")
        await picture(pilot, "text")
