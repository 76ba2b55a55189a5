"""Reboot and shutdown, from inside and from the rack."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from oxtui.rack.hypervisor import RackMachineError
from tests.rack.machines.harness import Bench, Watcher, children

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("command", "reason", "last_line"),
    [
        ("sudo reboot", "reboot", "reboot: Restarting system"),
        ("sudo systemctl reboot", "reboot", "reboot: Restarting system"),
        ("sudo shutdown -r now", "reboot", "reboot: Restarting system"),
        ("sudo shutdown -h now", "shutdown", "reboot: Power down"),
        ("sudo shutdown -P +0", "shutdown", "reboot: Power down"),
        ("sudo poweroff", "shutdown", "reboot: Power down"),
        ("sudo systemctl poweroff", "shutdown", "reboot: Power down"),
    ],
)
async def test_power_commands_drop_connections_and_end_the_machine(
    bench: Bench, command: str, reason: str, last_line: str
) -> None:
    instance = await bench.boot()
    async with instance.ssh() as connection:
        done = await asyncio.wait_for(connection.run(command), 60)
        assert done.exit_status is None  # the connection went before an answer came
    assert await asyncio.wait_for(instance.watcher.stops.get(), 20) == (reason, "")
    assert instance.watcher.text.rstrip().endswith(last_line)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(instance.address, bench.hypervisor.ssh_port)
    bench.free.append(instance.address)


async def test_after_a_reboot_files_and_host_keys_are_the_same_but_tmp_is_empty(
    bench: Bench,
) -> None:
    instance = await bench.boot()
    await instance.run("echo kept >~/kept; echo gone >/tmp/gone 2>/dev/null || true")
    before = instance.watcher.text
    async with instance.ssh() as connection:
        key = connection.get_server_host_key()
        await connection.run("sudo reboot")
    await instance.watcher.stops.get()
    again = await instance.again()
    assert await again.run("cat ~/kept; ls /tmp/gone 2>&1 | grep -c 'No such'") == "kept\n1\n"
    async with again.ssh() as connection:
        assert connection.get_server_host_key() == key
    assert "BEGIN SSH HOST KEY KEYS" in before
    assert "BEGIN SSH HOST KEY KEYS" not in again.watcher.text
    await again.stop()


async def test_a_later_shutdown_can_be_cancelled(bench: Bench) -> None:
    async with bench.booted() as instance:
        await instance.run("sudo shutdown -r +1")
        await instance.run("sudo shutdown -c")
        async with instance.ssh() as connection:
            done = await connection.run("sudo shutdown someday")
            assert done.exit_status == 1
            assert done.stderr == "shutdown: Failed to parse time specification: someday\n"
        assert instance.watcher.stops.empty()


async def test_power_commands_need_root(bench: Bench) -> None:
    async with bench.booted() as instance, instance.ssh() as connection:
        if (await connection.run("id -u")).stdout != "1000\n":
            pytest.skip("the login user is root here")
        done = await connection.run("/usr/sbin/reboot")
        assert (done.exit_status, done.stderr) == (1, "reboot: must be root\n")
        assert (await connection.run("echo up")).stdout == "up\n"


@pytest.mark.parametrize("hard", [True, False])
async def test_a_stop_by_the_rack_is_no_event_and_takes_the_machine_away(
    bench: Bench, hard: bool
) -> None:
    instance = await bench.boot()
    async with instance.ssh() as connection:
        running = await connection.create_process("echo up; sleep 1000")
        assert await running.stdout.readline() == "up\n"
        await instance.machine.stop(hard=hard)
        done = await asyncio.wait_for(running.wait(), 60)
        assert done.exit_status is None
    assert instance.watcher.stops.empty()
    await instance.machine.stop(hard=hard)
    bench.free.append(instance.address)


async def test_a_machine_that_dies_is_a_crash_with_its_cause(bench: Bench) -> None:
    instance = await bench.boot()
    server = bench.hypervisor._guests._process.pid
    (supervisor,) = children(server)
    (first,) = children(supervisor)
    os.kill(first, signal.SIGKILL)
    stop = await asyncio.wait_for(instance.watcher.stops.get(), 60)
    assert stop == ("crash", "ended by SIGKILL")
    again = await instance.again()
    await again.stop()


async def test_a_disk_that_cannot_boot_says_why_on_the_console(isolated: Bench) -> None:
    instance = await isolated.boot()
    await instance.run("sudo rm -r /etc/ssh; sudo touch /etc/ssh; sync")
    await instance.machine.stop(hard=True)
    watcher = Watcher()
    await isolated.hypervisor.start(instance.spec, watcher)
    reason, _ = await asyncio.wait_for(watcher.stops.get(), 60)
    assert reason == "crash"
    assert "Kernel panic - not syncing: [Errno 17] File exists: '/etc/ssh'" in watcher.text
    isolated.free.append(instance.address)


async def test_one_disk_boots_one_machine_at_a_time(bench: Bench) -> None:
    async with bench.booted() as instance:
        spec = bench.spec(instance.spec.disk_id)
        with pytest.raises(RackMachineError, match="in use by a running machine"):
            await bench.boot(spec=spec)
        with pytest.raises(RackMachineError, match="in use by a running machine"):
            await bench.hypervisor.disks.delete(instance.spec.disk_id)
        assert spec.address is not None
        bench.free.append(spec.address)
        assert await instance.run("echo alive") == "alive\n"
