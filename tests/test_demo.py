"""The demo rack as the screens and `oxtui demo` use it: a child process that keeps its state."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oxtui.demo import DemoError, demo_rack
from oxtui.oxide.client import OxideClient
from oxtui.settings import Paths


def _paths(folder: Path) -> Paths:
    return Paths(*(folder / name for name in ("config", "data", "state", "cache", "sessions")))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_serves_images_ends_with_the_block_and_keeps_what_was_made(
    tmp_path: Path, home: Path
) -> None:
    from oxtui.oxide.models.project import ProjectCreate

    async with demo_rack(_paths(tmp_path)) as rack, OxideClient(rack.connection) as client:
        names = [image.name async for image in client.images.list()]
        assert "ubuntu-24-04" in names
        assert rack.isolation in ("overlay", "chroot", "none")
        await client.projects.create(ProjectCreate(name="kept", description=""))
        pid = rack.pid
        assert _lives(pid)
    assert not _lives(pid)
    async with demo_rack(_paths(tmp_path)) as rack, OxideClient(rack.connection) as client:
        assert "kept" in [project.name async for project in client.projects.list()]
    assert not list(home.rglob("credentials.toml"))
    assert (tmp_path / "data" / "demo-rack").stat().st_mode & 0o077 == 0


async def test_a_second_one_on_the_same_state_says_why_it_cannot(tmp_path: Path) -> None:
    async with demo_rack(_paths(tmp_path)):
        with pytest.raises(DemoError, match="The demo rack did not start: ") as failure:
            async with demo_rack(_paths(tmp_path)):
                pass
    assert "rack.log" in str(failure.value)
