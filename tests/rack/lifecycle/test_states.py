"""The state machine of instances, and what guests do by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oxtui.rack.latency import Latency
from oxtui.rack.machines import MachineListener, MachineSpec
from tests.rack.fake_hypervisor import FakeHypervisor, FakeMachine
from tests.rack.site import Site, site

FOREVER = 3600.0


@asynccontextmanager
async def _running(
    folder: Path, *faults: str, pace: Latency | None = None, **changes: Any
) -> AsyncIterator[tuple[Site, Any, FakeMachine]]:
    async with site(folder, *faults, latency=pace) as there:
        await there.project()
        instance = await there.instance("p", "i", **changes)
        await there.settled(instance["id"], "running")
        yield there, instance["id"], there.hypervisor.running[instance["id"]]


async def test_a_guest_that_powers_off_is_stopped(tmp_path: Path) -> None:
    async with _running(tmp_path) as (there, instance, machine):
        machine.listener.stopped("shutdown", "poweroff")
        await there.settled(instance, "stopped")
        assert there.hypervisor.stops == [(instance, False)]


async def test_a_guest_that_reboots_runs_again_and_its_console_goes_on(tmp_path: Path) -> None:
    async with _running(tmp_path) as (there, instance, machine):
        machine.listener.stopped("reboot", "reboot")
        await there.settled(instance, "rebooting")
        await there.settled(instance, "running")
        assert len(there.hypervisor.starts) == 2
        history = await there.get(f"/v1/instances/{instance}/serial-console", from_start=0)
        assert bytes(history["data"]) == b"booting i\r\n" * 2


async def test_a_start_begins_the_console_anew(tmp_path: Path) -> None:
    async with _running(tmp_path) as (there, instance, _):
        await there.post(f"/v1/instances/{instance}/stop")
        await there.settled(instance, "stopped")
        path = f"/v1/instances/{instance}/serial-console"
        refusal = await there.refused("GET", path, from_start=0)
        assert refusal[2] == "instance is stopped and has no active serial console server"
        await there.post(f"/v1/instances/{instance}/start")
        await there.settled(instance, "running")
        assert (await there.get(path, from_start=0))["last_byte_offset"] == 11


async def test_a_crashed_instance_is_restarted_once_an_hour(tmp_path: Path) -> None:
    async with _running(tmp_path) as (there, instance, machine):
        machine.listener.stopped("crash", "out of memory")
        await there.settled(instance, "failed")
        shown = await there.settled(instance, "running")
        assert shown["time_last_auto_restarted"] is not None
        assert shown["auto_restart_cooldown_expiration"] > shown["time_last_auto_restarted"]
        there.hypervisor.running[instance].listener.stopped("crash", "again")
        await there.settled(instance, "failed")
        there.clock.time += timedelta(hours=1)
        shown = await there.get(f"/v1/instances/{instance}")
        assert (shown["run_state"], shown["auto_restart_cooldown_expiration"]) == ("failed", None)


async def test_the_policy_never_is_heeded(tmp_path: Path) -> None:
    async with _running(tmp_path, auto_restart_policy="never") as (there, instance, machine):
        machine.listener.stopped("crash", "out of memory")
        shown = await there.settled(instance, "failed")
        assert shown["auto_restart_enabled"] is False
        assert len(there.hypervisor.starts) == 1
        await there.post(f"/v1/instances/{instance}/stop")
        assert (await there.get(f"/v1/instances/{instance}"))["run_state"] == "stopped"


async def test_an_instance_fails_some_time_after_it_runs(tmp_path: Path) -> None:
    quick = "instance:failed=0.01:once"
    async with site(tmp_path, quick) as there:
        await there.project()
        instance = await there.instance("p", "i", auto_restart_policy="never")
        await there.settled(instance["id"], "failed")
        assert there.hypervisor.stops == [(instance["id"], True)]
        await there.post(f"/v1/instances/{instance['id']}/start")
        await there.settled(instance["id"], "running")


async def test_a_stop_interrupts_a_slow_start(tmp_path: Path) -> None:
    async with site(tmp_path, "instance_start:slow=3600") as there:
        await there.project()
        instance = await there.instance("p", "i")
        path = f"/v1/instances/{instance['id']}"
        assert instance["run_state"] == "starting"
        await there.post(f"{path}/stop")
        await there.settled(instance["id"], "stopped")
        assert there.hypervisor.starts == []


async def test_what_may_not_be_asked_while_it_stops(tmp_path: Path) -> None:
    async with _running(tmp_path, "instance_stop:slow=3600") as (there, instance, _):
        path = f"/v1/instances/{instance}"
        await there.post(f"{path}/stop")
        refusal = await there.refused("POST", f"{path}/start")
        assert refusal == (
            409,
            "Conflict",
            "instance must finish stopping before it can be started",
        )
        assert (await there.refused("POST", f"{path}/reboot"))[0] == 409
        assert (await there.post(f"{path}/stop"))["run_state"] == "stopping"
        assert (await there.refused("DELETE", path))[0] == 400


async def test_what_does_nothing(tmp_path: Path) -> None:
    async with _running(tmp_path) as (there, instance, _):
        path = f"/v1/instances/{instance}"
        assert (await there.post(f"{path}/start"))["run_state"] == "running"
        await there.post(f"{path}/stop")
        await there.settled(instance, "stopped")
        assert (await there.post(f"{path}/stop"))["run_state"] == "stopped"
        refusal = await there.refused("POST", f"{path}/reboot")
        assert refusal[2] == "cannot reboot an instance in state stopped with no VMM"


async def test_an_instance_that_is_being_made_cannot_be_changed(tmp_path: Path) -> None:
    async with site(tmp_path, latency=Latency(instance_create=FOREVER)) as there:
        await there.project()
        async with asyncio.TaskGroup() as tasks:
            creating = tasks.create_task(there.instance("p", "i"))
            shown = None
            while not shown:
                shown = (await there.get("/v1/instances", project="p"))["items"]
            shown = await there.get("/v1/instances/i", project="p")
            assert shown["run_state"] == "creating"
            refusal = await there.refused("POST", "/v1/instances/i/stop", project="p")
            assert refusal[2] == "cannot change instance state while it is still being created"
            assert (await there.refused("POST", "/v1/instances/i/start", project="p"))[0] == 409
            disk = await there.get("/v1/disks/i", project="p")
            assert disk["state"]["state"] == "creating"
            creating.cancel()


class _BrokenHost(FakeHypervisor):
    async def start(self, spec: MachineSpec, listener: MachineListener) -> FakeMachine:
        raise OSError("the disk is damaged")


async def test_a_machine_that_does_not_come_up_fails_its_instance(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with site(tmp_path, hypervisor=_BrokenHost()) as there:
        await there.project()
        instance = await there.instance("p", "i", auto_restart_policy="never")
        await there.settled(instance["id"], "failed")
        assert "the disk is damaged" in caplog.text


class _WedgedMachine(FakeMachine):
    async def stop(self, *, hard: bool) -> None:
        raise OSError("the mount is busy")


class _WedgedHost(FakeHypervisor):
    async def start(self, spec: MachineSpec, listener: MachineListener) -> FakeMachine:
        return _WedgedMachine(spec, listener, self)


async def test_a_machine_that_does_not_go_down_fails_its_instance_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with site(tmp_path, hypervisor=_WedgedHost()) as there:
        await there.project()
        instance = await there.instance("p", "i", auto_restart_policy="never")
        await there.settled(instance["id"], "running")
        await there.post(f"/v1/instances/{instance['id']}/stop")
        await there.settled(instance["id"], "failed")
        assert "the mount is busy" in caplog.text
        await there.get("/v1/projects")


async def test_closing_the_rack_switches_everything_off_at_once(tmp_path: Path) -> None:
    slow = Latency(instance_stop=FOREVER)
    async with _running(tmp_path, pace=slow) as (there, _, _):
        host = there.hypervisor
    assert host.running == {}
    async with site(tmp_path, seeded=None, hypervisor=host) as there:
        (shown,) = (await there.get("/v1/instances", project="p"))["items"]
        assert shown["run_state"] == "stopped"


async def test_an_automatic_restart_without_quota_leaves_the_instance_failed(
    tmp_path: Path,
) -> None:
    pace = Latency(auto_restart=1.5)  # the other one takes the quota before that
    async with _running(tmp_path, pace=pace, ncpus=40) as (there, instance, machine):
        machine.listener.stopped("crash", "out of memory")
        await there.settled(instance, "failed")
        other = await there.instance("p", "other", ncpus=40)
        await there.settled(other["id"], "running")
        async with asyncio.timeout(60):
            while True:
                shown = await there.get(f"/v1/instances/{instance}")
                if shown["time_last_auto_restarted"] is not None:
                    break
        assert shown["run_state"] == "failed"
