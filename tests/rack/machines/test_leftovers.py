"""A rack that is killed takes its machines with it, and the next one finds a clean state."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from oxtui.rack.hypervisor import Hypervisor, RackMachineError
from tests.rack.machines.harness import Watcher, open_bench, running, started
from tests.roots import mounts

ROOT = Path(__file__).resolve().parents[3]

VICTIM = """
import asyncio, json, sys
from pathlib import Path
from tests.rack.machines.harness import open_bench

async def main():
    async with open_bench(Path(sys.argv[1])) as bench:
        booted = await bench.boot()
        await booted.run("echo synced >before; sync; echo lost >after")
        await booted.run(f"(setsid {sys.argv[2]} >/dev/null 2>&1 </dev/null &); true")
        print(json.dumps([booted.spec.disk_id, booted.address, bench.hypervisor.ssh_port]), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def _victim(state: Path, daemon: str) -> tuple[asyncio.subprocess.Process, str, str, int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", VICTIM, str(state), daemon),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    disk, address, port = json.loads(await process.stdout.readline())
    await started(daemon)
    return process, disk, address, port


async def test_a_killed_rack_leaves_no_process_mount_or_wrong_content(tmp_path: Path) -> None:
    daemon = f"sleep 8{os.getpid()}"
    before = mounts(tmp_path)
    process, disk, address, port = await _victim(tmp_path, daemon)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with open_bench(tmp_path) as bench:
        assert running(daemon) == []
        assert os.listdir(tmp_path / "disks/run") == []
        assert mounts(tmp_path) == before
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(address, port)
        async with bench.booted(disk) as booted:
            sizes = await booted.run("cd /home/ubuntu 2>/dev/null || cd; stat -c %s before after")
            assert sizes == "7\n0\n"


async def test_the_guest_server_killed_ends_nothing_but_new_starts(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        booted = await bench.boot()
        server = bench.hypervisor._guests._process
        server.kill()
        await server.wait()
        assert await booted.run("echo alive") == "alive\n"
        with pytest.raises(RackMachineError, match=r"guest server \(process \d+\) has ended"):
            await bench.boot()
        await booted.machine.stop(hard=True)


async def test_one_state_serves_one_rack_at_a_time(tmp_path: Path) -> None:
    async with Hypervisor.open(tmp_path):
        with pytest.raises(RackMachineError, match="another rack runs on "):
            async with Hypervisor.open(tmp_path):
                pytest.fail("opened twice")
    async with Hypervisor.open(tmp_path):
        assert (tmp_path / "disks").stat().st_mode & 0o777 == 0o700


async def test_a_start_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        spec = bench.spec(await bench.new_disk())
        for turns in range(12):
            starting = asyncio.create_task(bench.hypervisor.start(spec, Watcher()))
            for _ in range(turns):
                await asyncio.sleep(0)
            starting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await starting
            assert os.listdir(tmp_path / "disks/run") == []
        booted = await bench.boot(spec=spec)
        assert await booted.run("echo up") == "up\n"
        await booted.stop()


async def test_a_taken_address_or_port_is_named(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        port = bench.hypervisor.ssh_port
        spec = bench.spec(await bench.new_disk())
        assert spec.address is not None
        said = pytest.raises(RackMachineError, match=f"cannot listen on {spec.address} port")
        with socket.create_server((spec.address, port)), said:
            await bench.boot(spec=spec)
        booted = await bench.boot(spec=spec)
        await booted.stop()
        foreign = bench.spec(spec.disk_id)
        object.__setattr__(foreign, "address", "127.0.0.1")
        with pytest.raises(RackMachineError, match=r"127\.0\.0\.1 is no address of this rack"):
            await bench.boot(spec=foreign)
