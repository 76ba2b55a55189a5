"""Volumes, snapshots and images: what leads to what, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oxtui.rack.latency import Latency
from oxtui.rack.outscale.seed import fixed_id
from tests.rack.outscale.site import FakeHost, site

REGION = "eu-west-2"


async def test_a_snapshot_makes_progress_and_restores_to_a_volume(tmp_path: Path) -> None:
    async with site(tmp_path, latency=Latency(snapshot_create=0.2)) as there:
        volume = await there.volume(Size=3)
        made = (await there.ok("CreateSnapshot", VolumeId=volume["VolumeId"]))["Snapshot"]
        assert (made["State"], made["Progress"]) == ("in-queue", 0)
        body = {"SubregionName": "eu-west-2a", "SnapshotId": made["SnapshotId"]}
        assert await there.refused("CreateVolume", **body) == (400, "6003")
        shown = []
        while made["State"] != "completed":
            made = await there.one("Snapshot", made["SnapshotId"])
            shown.append((made["State"], made["Progress"]))
        assert shown == sorted(shown, key=lambda each: each[1])
        assert {state for state, _ in shown} == {"pending", "completed"}
        assert {progress for _, progress in shown} >= {25, 50, 75, 100}
        assert await there.refused("CreateVolume", **body, Size=2) == (400, "4078")
        restored = (await there.ok("CreateVolume", **body))["Volume"]
        assert (restored["State"], restored["Size"]) == ("creating", 3)
        assert there.host.disks.origin[restored["VolumeId"]] == made["SnapshotId"]


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"Size": 0}, (400, "4078")),
        ({"Size": 14_902}, (400, "4078")),
        ({}, (400, "7000")),
        ({"Size": 1, "VolumeType": "io1"}, (400, "7000")),
        ({"Size": 1, "VolumeType": "io1", "Iops": 301}, (400, "4029")),
        ({"Size": 1, "VolumeType": "gp2", "Iops": 100}, (400, "4029")),
        ({"Size": 1, "VolumeType": "floppy"}, (400, "4047")),
        ({"Size": 1, "SubregionName": "eu-west-3a"}, (400, "5009")),
        ({"SnapshotId": fixed_id("snap", "debian-12")}, (400, "5054")),
    ],
)
async def test_a_volume_that_cannot_be_is_refused(
    tmp_path: Path, wrong: dict[str, Any], refused: tuple[int, str]
) -> None:
    async with site(tmp_path) as there:
        body = {"SubregionName": "eu-west-2a", **wrong}
        assert await there.refused("CreateVolume", **body) == refused
        assert there.leftovers() == set()


async def test_a_link_has_states_and_a_device_of_its_own(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        vm, volume, other = await there.vm(), await there.volume(), await there.volume()
        link = {"VmId": vm["VmId"], "VolumeId": volume["VolumeId"]}
        for name in ("/dev/sda", "/dev/sdaa", "/dev/vdb", "/dev/sdbcd", "xvdb"):
            assert await there.refused("LinkVolume", **link, DeviceName=name) == (400, "4019")
        refused = await there.refused("LinkVolume", **link, DeviceName="/dev/sda1")
        assert refused == (409, "9004")
        await there.ok("LinkVolume", **link, DeviceName="/dev/xvdf")
        again = {"VmId": vm["VmId"], "VolumeId": other["VolumeId"], "DeviceName": "/dev/xvdf"}
        assert await there.refused("LinkVolume", **again) == (409, "9004")
        while True:
            shown = await there.one("Volume", volume["VolumeId"])
            (linked,) = shown["LinkedVolumes"]
            assert (shown["State"], linked["DeviceName"]) == ("in-use", "/dev/xvdf")
            if linked["State"] == "attached":
                break
        assert await there.refused("LinkVolume", **link, DeviceName="/dev/sdg") == (400, "6007")
        await there.ok("UnlinkVolume", VolumeId=volume["VolumeId"])
        shown = await there.until("Volume", volume["VolumeId"], "available")
        assert shown["LinkedVolumes"] == []
        refused = await there.refused("UnlinkVolume", VolumeId=volume["VolumeId"])
        assert refused == (409, "9063")
        root = vm["BlockDeviceMappings"][0]["Bsu"]["VolumeId"]
        assert await there.refused("UnlinkVolume", VolumeId=root) == (400, "6006")


async def test_a_volume_of_another_subregion_is_not_linked(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        vm, volume = await there.vm(), await there.volume(SubregionName="eu-west-2b")
        link = {"VmId": vm["VmId"], "VolumeId": volume["VolumeId"], "DeviceName": "/dev/sdb"}
        assert await there.refused("LinkVolume", **link) == (409, "9071")


async def test_a_vm_boots_from_the_volume_that_is_linked_as_its_root(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        vm, other = await there.stopped_vm(), await there.stopped_vm()
        root, second = (each["BlockDeviceMappings"][0]["Bsu"]["VolumeId"] for each in (vm, other))
        for volume_id in (root, second):
            await there.ok("UnlinkVolume", VolumeId=volume_id)
            await there.until("Volume", volume_id, "available")
        await there.ok("LinkVolume", VmId=vm["VmId"], VolumeId=second, DeviceName="/dev/sda1")
        await there.ok("StartVms", VmIds=[vm["VmId"]])
        await there.until("Vm", vm["VmId"], "running")
        assert there.host.starts[-1].disk_id == second


async def test_an_image_of_a_vm_holds_its_snapshots_until_it_is_deleted(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        vm = await there.stopped_vm()
        body = {"VmId": vm["VmId"], "ImageName": "golden (1/2)"}
        image = (await there.ok("CreateImage", **body))["Image"]
        assert image["State"] == "pending"
        image = await there.until("Image", image["ImageId"], "available")
        (mapping,) = image["BlockDeviceMappings"]
        snapshot = {"SnapshotId": mapping["Bsu"]["SnapshotId"]}
        assert await there.refused("CreateImage", **body) == (409, "9015")
        assert await there.refused("DeleteSnapshot", **snapshot) == (409, "9094")
        await there.ok("DeleteVms", VmIds=[vm["VmId"]])
        again = await there.vm(ImageId=image["ImageId"])
        volume_id = again["BlockDeviceMappings"][0]["Bsu"]["VolumeId"]
        assert there.host.disks.origin[volume_id] == snapshot["SnapshotId"]
        await there.ok("DeleteVms", VmIds=[again["VmId"]])
        await there.ok("DeleteImage", ImageId=image["ImageId"])
        await there.ok("DeleteSnapshot", **snapshot)
        await there.until("Vm", again["VmId"], "terminated")
        assert there.leftovers() == set()


@pytest.mark.parametrize("no_reboot", [False, True])
async def test_a_running_vm_goes_down_for_its_image_unless_told_not_to(
    tmp_path: Path, no_reboot: bool
) -> None:
    async with site(tmp_path) as there:
        vm = await there.vm()
        body = {"VmId": vm["VmId"], "ImageName": "golden", "NoReboot": no_reboot}
        image = (await there.ok("CreateImage", **body))["Image"]
        await there.until("Image", image["ImageId"], "available")
        await there.until("Vm", vm["VmId"], "running")
        assert len(there.host.starts) == (1 if no_reboot else 2)


async def test_an_image_is_registered_from_snapshots(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        snapshot = await there.snapshot((await there.volume(Size=2))["VolumeId"])
        root = {"DeviceName": "/dev/sda1", "Bsu": {"SnapshotId": snapshot["SnapshotId"]}}
        data = {"DeviceName": "/dev/sdb", "Bsu": {"VolumeSize": 5, "VolumeType": "gp2"}}
        body: dict[str, Any] = {"ImageName": "golden", "BlockDeviceMappings": [root, data]}
        assert await there.refused("CreateImage", **body) == (400, "7000")
        assert await there.refused("CreateImage", **body, RootDeviceName="/dev/sdb") == (
            400,
            "4057",
        )
        small = {"DeviceName": "/dev/sda1", "Bsu": {**root["Bsu"], "VolumeSize": 1}}
        too_small = {**body, "BlockDeviceMappings": [small], "RootDeviceName": "/dev/sda1"}
        assert await there.refused("CreateImage", **too_small) == (400, "4078")
        twice = {**body, "BlockDeviceMappings": [root, root], "RootDeviceName": "/dev/sda1"}
        assert await there.refused("CreateImage", **twice) == (400, "4011")
        image = (await there.ok("CreateImage", **body, RootDeviceName="/dev/sda1"))["Image"]
        await there.until("Image", image["ImageId"], "available")
        vm = await there.vm(ImageId=image["ImageId"])
        names = [each["DeviceName"] for each in vm["BlockDeviceMappings"]]
        assert names == ["/dev/sda1", "/dev/sdb"]


async def test_a_copy_of_a_foreign_image_is_ones_own_with_its_snapshots(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        foreign = await there.image()
        assert await there.refused("DeleteImage", ImageId=foreign) == (400, "5023")
        assert await there.refused("UpdateImage", ImageId=foreign) == (400, "5023")
        body = {"ImageName": "copied", "SourceImageId": foreign}
        assert await there.refused("CreateImage", **body) == (400, "4047")
        copy = (await there.ok("CreateImage", **body, SourceRegionName=REGION))["Image"]
        copy = await there.until("Image", copy["ImageId"], "available")
        (mapping,) = copy["BlockDeviceMappings"]
        snapshot_id = mapping["Bsu"]["SnapshotId"]
        await there.volume(SnapshotId=snapshot_id, Size=10)
        assert (await there.one("Snapshot", snapshot_id))["AccountId"] == copy["AccountId"]


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"ImageName": "x"}, (400, "4046")),
        ({"VmId": "i-12345678"}, (400, "4026")),
        ({"VmId": "i-12345678", "ImageName": "no"}, (400, "4026")),
        ({"VmId": "i-12345678", "ImageName": "what@ever"}, (400, "4026")),
        ({"VmId": "i-12345678", "ImageName": "golden"}, (400, "5063")),
        ({"VmId": "i-12345678", "SourceImageId": "ami-12345678", "ImageName": "go"}, (400, "4046")),
        ({"FileLocation": "https://example.com", "ImageName": "golden"}, (400, "0")),
    ],
)
async def test_an_image_that_cannot_be_is_refused(
    tmp_path: Path, body: dict[str, Any], refused: tuple[int, str]
) -> None:
    async with site(tmp_path) as there:
        assert await there.refused("CreateImage", **body) == refused


async def test_permissions_are_added_and_removed(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        snapshot = await there.snapshot((await there.volume())["VolumeId"])
        identifier = {"SnapshotId": snapshot["SnapshotId"]}
        for change, expected in (
            (
                {"Additions": {"AccountIds": ["1", "2"]}},
                {"AccountIds": ["1", "2"], "GlobalPermission": False},
            ),
            ({"Removals": {"AccountIds": ["1"]}}, {"AccountIds": ["2"], "GlobalPermission": False}),
            (
                {"Additions": {"GlobalPermission": True}},
                {"AccountIds": ["2"], "GlobalPermission": True},
            ),
        ):
            await there.ok("UpdateSnapshot", **identifier, PermissionsToCreateVolume=change)
            shown = await there.one("Snapshot", snapshot["SnapshotId"])
            assert shown["PermissionsToCreateVolume"] == expected


async def test_what_was_half_made_when_the_rack_was_killed_is_gone_or_whole(tmp_path: Path) -> None:
    host = FakeHost()
    async with site(tmp_path, host=host) as there:
        volume, half = await there.volume(), await there.volume()
        snapshot, queued = [await there.snapshot(volume["VolumeId"]) for _ in range(2)]
        store = there.cloud.store
        store.volumes.update(half["VolumeId"], state="creating")
        store.snapshots.update(snapshot["SnapshotId"], state="pending")
        store.snapshots.update(queued["SnapshotId"], state="in-queue")
    async with site(tmp_path, host=host) as there:
        volumes = (await there.ok("ReadVolumes"))["Volumes"]
        assert [each["VolumeId"] for each in volumes] == [volume["VolumeId"]]
        own = {"AccountIds": [there.cloud.account.id]}
        (left,) = (await there.ok("ReadSnapshots", Filters=own))["Snapshots"]
        assert (left["SnapshotId"], left["State"]) == (snapshot["SnapshotId"], "completed")
        assert not {half["VolumeId"], queued["SnapshotId"]} & set(host.disks.origin)


async def test_a_volume_that_cannot_become_a_device_is_not_linked(tmp_path: Path) -> None:
    async with site(tmp_path, loop_devices=True) as there:
        made = await there.ok("CreateVolume", SubregionName="eu-west-2a", Size=1)
        await there.until("Volume", made["Volume"]["VolumeId"], "error")
        vm, other = await there.vm(), await there.stopped_vm()
        root = other["BlockDeviceMappings"][0]["Bsu"]["VolumeId"]
        await there.ok("UnlinkVolume", VolumeId=root)
        await there.until("Volume", root, "available")
        link = {"VolumeId": root, "VmId": vm["VmId"], "DeviceName": "/dev/sdb"}
        reply = await there.send("LinkVolume", link)
        assert reply.status_code == 400
        assert f"no device for {root}: " in reply.text
        assert (await there.one("Volume", root))["State"] == "available"


async def test_each_vm_has_metadata_of_its_own(tmp_path: Path) -> None:
    async with site(tmp_path) as there:
        vm = await there.vm()
        path = "latest/meta-data/instance-id"
        base = "http://api.test/metadata"
        assert (await there.http.get(f"{base}/{vm['VmId']}/{path}")).text == vm["VmId"]
        for wrong in (f"{base}/i-00000000/{path}", f"{base}/{vm['VmId']}", f"{base}/{path}"):
            assert (await there.http.get(wrong)).status_code == 404
        await there.ok("DeleteVms", VmIds=[vm["VmId"]])
        await there.until("Vm", vm["VmId"], "terminated")
        assert (await there.http.get(f"{base}/{vm['VmId']}/{path}")).status_code == 404
