"""No secret of a build on any of its screens, nor in a file of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.rack_process import rack
from tests.screens.driving import press
from tests.screens.live import live_app, start, stopped
from tests.sessions import shell, template

CANARY = "canary-7c1e-secret"


def shown(pilot: Pilot[int]) -> str:
    """The text of the screen in front."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


@pytest.mark.slow
async def test_a_build_that_echoes_its_secret(tmp_path: Path) -> None:
    text = f'variable "word" {{\n  sensitive = true\n  default = "{CANARY}"\n}}\n' + template(
        'provisioner "file" {\n  content = "pw=${var.word}"\n  destination = "f"\n}',
        shell(
            "echo it is ${var.word}; grep --color=always 7c1e f",
            "echo canary > $W; exit 4",
            more='environment_vars = ["W=${var.word}"]',
        ),
    )
    async with rack() as there, live_app(tmp_path, there) as pilot:
        await start(pilot, text)
        await stopped(pilot)
        seen = ""
        for key in ("1", "2", "3", "4", "5", "6", "escape", "e", "escape", "t", "ctrl+p"):
            await press(pilot, key)
            seen += shown(pilot)
            assert CANARY not in seen, key
            assert there.token not in seen
        assert "<sensitive>" in seen
        assert "echo it is <sensitive 1>" in seen  # in the editor
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path
            assert there.token.encode() not in path.read_bytes(), path
            assert path.stat().st_mode & 0o077 == 0, path
