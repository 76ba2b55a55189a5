"""SIGKILL of a build at each of its steps: sweep lists and removes what is left, and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection
from oxtui.oxide.token import Token
from tests.cli.running import oxtui
from tests.rack_process import RackProcess, rack
from tests.sessions import shell, template

STEPS = [
    "preflight", "ssh-key", "instance", "connect", "provision-1", "sync", "stop", "snapshot",
    "image", "cleanup",
]  # fmt: skip
EVERY_DAY = {"instance", "snapshot"}


@asynccontextmanager
async def building(
    there: RackProcess, folder: Path, text: str, *flags: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`oxtui build` in a process of its own."""
    path = folder / "t.pkr.hcl"
    path.write_text(text.replace('"web"\n', f'"web"\n  ssh_port = {there.ssh_port}\n', 1))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "oxtui", "build", "--json", *flags, str(path),
        stdout=asyncio.subprocess.PIPE, env=environ(there),
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def environ(there: RackProcess) -> dict[str, str]:
    return {**os.environ, "OXIDE_HOST": there.host, "OXIDE_TOKEN": there.token}


async def reached(process: asyncio.subprocess.Process, step: str) -> None:
    """Wait until a step has begun."""
    assert process.stdout is not None
    while line := await process.stdout.readline():
        event = json.loads(line)
        if event["type"] == "step_started" and event["step"] == step:
            return
    pytest.fail(f"the build ended before {step}")


async def sweep(there: RackProcess, *words: str) -> tuple[int, str]:
    code, out, _ = await oxtui("sweep", "--settle", "0s", *words, environ=environ(there))
    return code, out


async def on_rack(there: RackProcess) -> set[str]:
    """Everything in the project that the seed did not put there, by name."""
    connection = Connection(there.host, Token(there.token), source={})
    async with OxideClient(connection) as client:
        names = {key.name async for key in client.ssh_keys.list()}
        for collection in (client.instances, client.disks, client.snapshots):
            names |= {item.name async for item in collection.list(project="web")}
        return names | {image.name async for image in client.images.list(project="web")}


@pytest.mark.parametrize(
    "step", [pytest.param(s, marks=() if s in EVERY_DAY else pytest.mark.slow) for s in STEPS]
)
async def test_after_sigkill_sweep_leaves_nothing(tmp_path: Path, step: str) -> None:
    async with rack() as there:
        before = await on_rack(there)
        async with building(there, tmp_path, template(shell("true"))) as process:
            await reached(process, step)
            process.kill()
        # The rack may still be at work on the request that was cut off: then sweep finds it the next time.
        for _ in range(5):
            code, _ = await sweep(there, "--yes")
            if code == 0:
                break
        assert code == 0
        left = await on_rack(there)
        assert left - before <= {"made"}
        if step not in ("image", "cleanup"):
            assert left == before


@pytest.mark.slow
async def test_sweep_touches_nothing_of_a_live_build(tmp_path: Path) -> None:
    async with rack() as there:
        text = template(shell("until test -e ~/go; do sleep 0.1; done"), shell("true"))
        async with building(there, tmp_path, text) as process:
            await reached(process, "provision-1")
            during = await on_rack(there)
            code, out = await sweep(there, "--yes")
            assert (code, await on_rack(there)) == (0, during), out
            assert any(name.startswith("packer-") for name in during)
            process.terminate()
            await process.wait()
