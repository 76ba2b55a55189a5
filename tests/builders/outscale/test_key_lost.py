"""SIGKILL in the midst of a provisioner on Outscale: the temporary key is lost, and the build goes on all the same."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.builders.outscale.bench import template
from tests.builders.outscale.test_headless import ended, start
from tests.outscale_process import OutscaleProcess, outscale
from tests.sessions import shell

pytestmark = pytest.mark.slow
ONCE = shell("echo once >> ~/count", "sync")
CUT_OFF = shell("test -e ~/begun || { touch ~/begun; echo is begun; sleep 600; }")
LAST = shell("grep -c . ~/count", "test $(grep -c . ~/count) = 1")


async def killed(there: OutscaleProcess, folder: Path, more: str = "") -> None:
    """A build that is killed once its second script has begun."""
    source = f"ssh_port = {there.ssh_port}\nssh_clear_authorized_keys = true\n{more}"
    (folder / "t.pkr.hcl").write_text(template(ONCE, CUT_OFF, LAST, source=source))
    building = await start(there, folder, "build", str(folder / "t.pkr.hcl"))
    assert building.stdout is not None
    async for line in building.stdout:
        if line.rstrip().endswith(b"is begun"):
            break
    os.kill(building.pid, signal.SIGKILL)
    await ended(building)


async def test_another_vm_begins_from_the_volume_as_it_is(tmp_path: Path) -> None:
    async with outscale() as there:
        await killed(there, tmp_path)
        code, told = await ended(await start(there, tmp_path, "resume", "1", "--settle=0s"))
        assert code == 0, told
        assert "its private key was in the memory of the process that ended." in told
        assert "as the end of the process left it" in told
        assert "▶ 1 shell" not in told
        assert "▶ 2 shell" in told
        left = await there.leftovers()
        assert sorted(each.partition("-")[0] for each in left) == ["ami", "snap"]


async def test_what_is_on_other_volumes_cannot_be_gone_on_with(tmp_path: Path) -> None:
    device = 'launch_block_device_mappings {\n device_name = "/dev/sdb"\n volume_size = 1\n}'
    async with outscale() as there:
        await killed(there, tmp_path, device)
        code, told = await ended(await start(there, tmp_path, "resume", "1", "--settle=0s"))
        assert code == 1
        assert "Build the template again" in told
        code, _ = await ended(await start(there, tmp_path, "sweep", "--yes"))
        assert code == 0
        assert await there.leftovers() == []
