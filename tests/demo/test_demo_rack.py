"""The demo rack as the screens and `oxtui demo` use it: a child process that keeps its state."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from oxtui.demo import DemoError, demo_rack
from oxtui.oxide.client import OxideClient
from oxtui.settings import Paths
from tests.rack_process import rack as rack_process
from tests.repository import ROOT


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


async def test_a_second_oxtui_uses_the_rack_that_runs_and_the_last_one_ends_it(
    tmp_path: Path,
) -> None:
    first = demo_rack(_paths(tmp_path))
    second = demo_rack(_paths(tmp_path))
    started = await first.__aenter__()
    joined = await second.__aenter__()
    assert joined == started
    await first.__aexit__(None, None, None)
    async with OxideClient(joined.connection) as client:
        assert [image async for image in client.images.list()]
    await second.__aexit__(None, None, None)
    assert not _lives(started.pid)


async def test_a_rack_whose_only_user_was_killed_ends_and_makes_room(tmp_path: Path) -> None:
    user = (
        "import asyncio, sys, pathlib\n"
        "from tests.demo.test_demo_rack import _paths, demo_rack\n"
        "async def main():\n"
        "    async with demo_rack(_paths(pathlib.Path(sys.argv[1]))) as rack:\n"
        "        print(rack.pid, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", user, str(tmp_path)), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    killed = int(await process.stdout.readline())
    process.kill()
    await process.wait()
    async with demo_rack(_paths(tmp_path)) as rack, OxideClient(rack.connection) as client:
        assert [image async for image in client.images.list()]
        assert rack.pid != killed


async def test_an_isolation_asked_for_by_name_has_a_rack_of_its_own_beside_the_other(
    tmp_path: Path,
) -> None:
    async with (
        demo_rack(_paths(tmp_path)) as usual,
        demo_rack(_paths(tmp_path), isolation="none") as plain,
    ):
        assert plain.isolation == "none"
        assert plain.pid != usual.pid


async def test_state_that_a_rack_of_the_operators_holds_is_told(tmp_path: Path) -> None:
    state = tmp_path / "data" / "demo-rack" / "state"
    async with rack_process("--state", str(state)):
        with pytest.raises(DemoError, match=r"did not start: the rack state .* in use") as failure:
            async with demo_rack(_paths(tmp_path)):
                pass
    assert "rack.log" in str(failure.value)
    async with demo_rack(_paths(tmp_path)):
        pass
