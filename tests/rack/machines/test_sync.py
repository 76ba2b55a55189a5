"""What a machine has not synced is lost when it is stopped, as on a machine whose power is cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rack.machines.harness import Bench, Booted, open_bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZES = "stat -c '%n %s' before after 2>&1"


async def _stop_and_start(instance: Booted, *, hard: bool = True) -> Booted:
    await instance.machine.stop(hard=hard)
    return await instance.again()


@pytest.mark.parametrize("hard", [True, False])
async def test_files_written_after_the_last_sync_come_back_empty(bench: Bench, hard: bool) -> None:
    instance = await bench.boot()
    await instance.run("echo text >before; sync; echo text >after")
    again = await _stop_and_start(instance, hard=hard)
    assert await again.run(SIZES) == "before 5\nafter 0\n"
    await again.stop()


async def test_nothing_is_lost_after_a_sync(bench: Bench) -> None:
    instance = await bench.boot()
    await instance.run("echo text >before; echo text >after; sync")
    again = await _stop_and_start(instance)
    assert await again.run(SIZES) == "before 5\nafter 5\n"
    await again.stop()


@pytest.mark.parametrize("command", ["reboot", "shutdown -h now"])
async def test_going_down_from_inside_syncs(bench: Bench, command: str) -> None:
    instance = await bench.boot()
    async with instance.ssh() as connection:
        await connection.run(f"echo text >before; echo text >after; sudo {command}")
    await instance.watcher.stops.get()
    again = await instance.again()
    assert await again.run(SIZES) == "before 5\nafter 5\n"
    await again.stop()


async def test_a_snapshot_of_a_running_machine_holds_what_a_crash_would_leave(bench: Bench) -> None:
    async with bench.booted() as instance:
        await instance.run("echo text >before; sync; echo text >after")
        snapshot = bench.new_id("snapshot")
        await bench.hypervisor.disks.snapshot(instance.spec.disk_id, snapshot)
        assert await instance.run(SIZES) == "before 5\nafter 5\n"
        async with bench.booted(await bench.new_disk(snapshot)) as copy:
            assert await copy.run(SIZES) == "before 5\nafter 0\n"


async def test_a_disk_that_lost_its_host_keys_gets_new_ones(bench: Bench) -> None:
    instance = await bench.boot()
    await instance.run(
        "sudo sh -c 'cd $OXTUI_ROOT/etc/ssh; for f in *_key; do cat $f >x; cat x >$f; done'"
    )
    again = await _stop_and_start(instance)
    assert await again.run("stat -c %s $OXTUI_ROOT/etc/ssh/ssh_host_ed25519_key") != "0\n"
    await again.stop()


async def test_keep_unsynced_loses_nothing(tmp_path: Path) -> None:
    async with open_bench(tmp_path, keep_unsynced=True) as bench:
        instance = await bench.boot()
        await instance.run("echo text >before; sync; echo text >after")
        again = await _stop_and_start(instance)
        assert await again.run(SIZES) == "before 5\nafter 5\n"
