"""`oxtui build` and `oxtui sweep` for Outscale, as an operator runs them: keys from the environment."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from oxtui.outscale.calls import ApiCall
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.connection import ConnectionOptions
from oxtui.outscale.credentials import resolve
from tests.builders.outscale.bench import template
from tests.outscale_process import OutscaleProcess, outscale
from tests.repository import ROOT
from tests.sessions import shell


def environ(there: OutscaleProcess, folder: Path) -> dict[str, str]:
    return {**os.environ, **there.variables, "OXTUI_SESSIONS_DIR": str(folder / "sessions")}


async def start(there: OutscaleProcess, folder: Path, *words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "oxtui", *words, cwd=ROOT, env=environ(there, folder),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    out, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode()


async def test_what_a_killed_build_made_is_swept(tmp_path: Path) -> None:
    async with outscale() as there:
        source = f"ssh_port = {there.ssh_port}\nassociate_public_ip_address = true"
        file = tmp_path / "t.pkr.hcl"
        file.write_text(template(shell("echo begun; sleep 600"), source=source))
        building = await start(there, tmp_path, "build", str(file))
        assert building.stdout is not None
        async for line in building.stdout:
            if line.rstrip().endswith(b"begun"):
                break
        os.kill(building.pid, signal.SIGKILL)
        await ended(building)
        assert len(await there.leftovers()) >= 5  # VM, volume, group, public IP, key pair
        code, listed = await ended(await start(there, tmp_path, "sweep"))
        assert code == 1
        for kind in ("vm", "volume", "security group", "public ip", "keypair"):
            assert f"  {kind}  " in listed
        assert "--aws-sigv4 osc:osc:eu-west-2:api" in listed
        assert there.variables["OSC_SECRET_KEY"] not in listed
        code, swept = await ended(await start(there, tmp_path, "sweep", "--yes"))
        assert (code, swept.count("✓ removed")) == (0, 5)
        assert await there.leftovers() == []


async def test_wrong_keys_are_told_without_them(tmp_path: Path) -> None:
    async with outscale() as there:
        file = tmp_path / "t.pkr.hcl"
        file.write_text(template())
        there.variables["OSC_SECRET_KEY"] = "NOTTHESECRETKEYOFANYBODYATALL"
        code, out = await ended(await start(there, tmp_path, "build", str(file)))
        assert code == 1
        assert f"The access key {there.variables['OSC_ACCESS_KEY']} (OSC_ACCESS_KEY)" in out
        assert "NOTTHESECRETKEY" not in out


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
async def test_the_equivalent_command_works_in_a_shell(tmp_path: Path) -> None:
    async with outscale() as there:
        connection = resolve(ConnectionOptions(), there.variables)
        calls: list[ApiCall] = []
        async with OutscaleClient(connection, on_call=calls.append) as client:
            await client.keypairs.list({"KeypairNames": ["it's none"]})
        command = f"{calls[0].command} --silent --fail"
        process = await asyncio.create_subprocess_shell(
            command, env={**os.environ, **there.variables}, stdout=asyncio.subprocess.PIPE
        )
        code, out = await ended(process)
        assert code == 0
        assert json.loads(out)["Keypairs"] == []
