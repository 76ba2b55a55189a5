"""VMs: their states, what they are made with, and what they leave."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from oxtui.rack.latency import Latency
from oxtui.rack.outscale.store import open_store
from tests.rack.outscale.site import FakeHost, Site, site

SLOW = Latency(instance_start=0.2, instance_stop=0.2)


async def seen(there: Site, vm_id: str, last: str) -> list[str]:
    """The states that a VM shows until it is in the last one."""
    states = [(await there.one("Vm", vm_id))["State"]]
    while states[-1] != last:
        state = (await there.one("Vm", vm_id))["State"]
        if state != states[-1]:
            states.append(state)
    return states


async def test_a_vm_goes_through_its_states(tmp_path: Path) -> None:
    async with site(tmp_path, latency=SLOW) as there:
        vm = await there.vm("pending")
        vms = {"VmIds": [vm["VmId"]]}
        assert await there.refused("StartVms", VmIds=["i-12345678"]) == (400, "5063")
        assert await seen(there, vm["VmId"], "running") == ["pending", "running"]
        (change,) = (await there.ok("StopVms", **vms))["Vms"]
        assert (change["PreviousState"], change["CurrentState"]) == ("running", "stopping")
        assert await there.refused("StartVms", **vms) == (400, "6006")
        assert await seen(there, vm["VmId"], "stopped") == ["stopping", "stopped"]
        await there.ok("StartVms", **vms)
        assert await seen(there, vm["VmId"], "running") == ["pending", "running"]
        (change,) = (await there.ok("DeleteVms", **vms))["Vms"]
        assert change["CurrentState"] == "shutting-down"
        assert await seen(there, vm["VmId"], "terminated") == ["shutting-down", "terminated"]
        await there.ok("DeleteVms", **vms)
        assert await there.refused("StopVms", **vms) == (400, "6006")
        assert there.leftovers() == set()


async def test_a_reboot_shows_nothing_but_what_the_console_says(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        vm = await there.vm()
        vms = {"VmIds": [vm["VmId"]]}
        first = there.host.running[vm["VmId"]]
        first.listener.serial(b"x" * 70_000 + b"login:")
        await there.ok("RebootVms", **vms)
        while len(there.host.starts) < 2:
            assert (await there.one("Vm", vm["VmId"]))["State"] == "running"
        there.host.running[vm["VmId"]].listener.serial(b" again")
        console = await there.ok("ReadConsoleOutput", VmId=vm["VmId"])
        said = base64.b64decode(console["ConsoleOutput"])
        assert len(said) == 64 * 1024
        assert said.startswith(b"x")
        assert said.endswith(b" again")
        assert b"login:booting" in said
        await there.ok("StopVms", **vms)
        assert await there.refused("RebootVms", **vms) == (400, "6006")
        await there.until("Vm", vm["VmId"], "stopped")
        kept = await there.ok("ReadConsoleOutput", VmId=vm["VmId"])
        assert kept["ConsoleOutput"] == console["ConsoleOutput"]


async def test_the_machine_gets_the_key_the_user_data_and_the_size(tmp_path: Path) -> None:
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFO+sD2uiBF9RIa7M5T2062unYPAk4hf28WE1F1OzFGf"
    async with site(tmp_path) as there:
        encoded = base64.b64encode(key.encode()).decode()
        await there.ok("CreateKeypair", KeypairName="builder", PublicKey=encoded)
        data = base64.b64encode(b"#!/bin/sh\n").decode()
        await there.vm(KeypairName="builder", VmType="tinav6.c2r4p2", UserData=data)
        (spec,) = there.host.starts
        assert spec.ssh_keys == (key,)
        assert (spec.cpus, spec.memory, spec.login_user) == (2, 4 * 1024**3, "outscale")
        assert spec.user_data == b"#!/bin/sh\n"


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"ImageId": "ami-12345678"}, (400, "5023")),
        ({"VmType": "m9.huge"}, (400, "5024")),
        ({"KeypairName": "nobody"}, (400, "5071")),
        ({"SubnetId": "subnet-12345678"}, (400, "5057")),
        ({"SecurityGroupIds": ["sg-12345678"]}, (400, "5020")),
        ({"Placement": {"SubregionName": "eu-west-2z"}}, (400, "5009")),
        ({"UserData": "#!/bin/sh"}, (400, "4047")),
        ({"MaxVmsCount": 0}, (400, "4018")),
        ({"BlockDeviceMappings": [{"DeviceName": "sdb", "Bsu": {"VolumeSize": 1}}]}, (400, "4019")),
        ({"BlockDeviceMappings": [{"DeviceName": "/dev/sdb"}]}, (400, "7000")),
        ({"BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "NoDevice": ""}]}, (400, "4057")),
        (
            {"BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Bsu": {"VolumeSize": 9}}]},
            (400, "4078"),
        ),
        ({"Nics": []}, (400, "0")),
        ({"VmInitiatedShutdownBehavior": "hibernate"}, (400, "4047")),
        ({"MaxVmsCount": 8}, (400, "10010")),
    ],
)
async def test_a_vm_that_cannot_be_is_refused_and_leaves_nothing(
    tmp_path: Path, wrong: dict[str, Any], refused: tuple[int, str]
) -> None:
    async with site(tmp_path) as there:
        body = {"ImageId": await there.image(), **wrong}
        assert await there.refused("CreateVms", **body) == refused
        assert there.leftovers() == set()


async def test_volumes_go_with_the_vm_or_stay_as_was_asked(tmp_path: Path) -> None:
    mappings = [
        {"DeviceName": "/dev/sda1", "Bsu": {"VolumeSize": 20, "VolumeType": "gp2"}},
        {"DeviceName": "/dev/sdb", "Bsu": {"VolumeSize": 2, "DeleteOnVmDeletion": False}},
        {"DeviceName": "/dev/xvdc", "Bsu": {"VolumeSize": 3, "DeleteOnVmDeletion": True}},
    ]
    async with site(tmp_path) as there:
        vm = await there.vm(BlockDeviceMappings=mappings)
        volumes = {
            each["DeviceName"]: each["Bsu"]["VolumeId"] for each in vm["BlockDeviceMappings"]
        }
        root = await there.one("Volume", volumes["/dev/sda1"])
        assert (root["Size"], root["VolumeType"], root["State"]) == (20, "gp2", "in-use")
        for volume_id in volumes.values():
            assert await there.refused("DeleteVolume", VolumeId=volume_id) == (400, "6007")
        await there.ok("DeleteVms", VmIds=[vm["VmId"]])
        await there.until("Vm", vm["VmId"], "terminated")
        left = (await there.ok("ReadVolumes"))["Volumes"]
        assert [(each["VolumeId"], each["State"]) for each in left] == [
            (volumes["/dev/sdb"], "available")
        ]
        assert set(there.host.disks.origin) >= {volumes["/dev/sdb"]}
        assert not {volumes["/dev/sda1"], volumes["/dev/xvdc"]} & set(there.host.disks.origin)


async def test_a_client_token_makes_one_vm_of_two_requests(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        body = {"ImageId": await there.image(), "ClientToken": "build-1"}
        first, second = [(await there.ok("CreateVms", **body))["Vms"] for _ in range(2)]
        assert first[0]["VmId"] == second[0]["VmId"]
        assert len((await there.ok("ReadVms"))["Vms"]) == 1


@pytest.mark.parametrize(
    ("behavior", "end"), [("stop", "stopped"), ("terminate", "terminated"), ("restart", "running")]
)
async def test_a_shutdown_from_inside_ends_as_the_behavior_says(
    tmp_path: Path, behavior: str, end: str
) -> None:
    async with site(tmp_path) as there:
        vm = await there.vm(VmInitiatedShutdownBehavior=behavior)
        machine = there.host.running[vm["VmId"]]
        machine.listener.stopped("shutdown", "")
        while there.host.running.get(vm["VmId"]) is machine:
            await there.ok("ReadVms")
        await there.until("Vm", vm["VmId"], end)


async def test_a_restart_of_the_rack_keeps_the_account(tmp_path: Path) -> None:
    host = FakeHost()
    async with site(tmp_path, host=host) as there:
        account = there.cloud.account
        vm = await there.vm()
        going, gone = await there.vm(), await there.vm()
        await there.ok("DeleteVms", VmIds=[gone["VmId"]])
        await there.until("Vm", gone["VmId"], "terminated")
    with open_store(tmp_path) as store:  # as a rack leaves it that is killed
        store.vms.update(vm["VmId"], state="running")
        store.vms.update(going["VmId"], state="shutting-down")
    async with site(tmp_path, host=host) as there:
        assert there.cloud.account == account
        assert (await there.one("Vm", vm["VmId"]))["State"] == "stopped"
        assert (await there.one("Vm", going["VmId"]))["State"] == "terminated"
        assert (await there.ok("ReadVms", Filters={"VmIds": [gone["VmId"]]}))["Vms"] == []
        await there.ok("StartVms", VmIds=[vm["VmId"]])
        await there.until("Vm", vm["VmId"], "running")


async def test_there_is_no_windows(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        vm = await there.vm()
        assert await there.refused("ReadAdminPassword", VmId=vm["VmId"]) == (400, "4087")
