"""What goes wrong when a simulated Outscale is told so."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.rack.faults import FaultSpecError, parse
from oxtui.rack.outscale.actions.registry import ACTIONS
from oxtui.rack.outscale.faults import OUTSCALE
from tests.rack.outscale.site import site


@pytest.mark.parametrize(
    ("effect", "refused"),
    [
        ("throttle-6", (503, "6")),
        ("throttle-24", (429, "24")),
        ("throttle-25", (429, "25")),
        ("500", (500, "2000")),
    ],
)
async def test_an_action_fails_as_often_as_was_said(
    tmp_path: Path, effect: str, refused: tuple[int, str]
) -> None:
    async with site(tmp_path, f"ReadVms:{effect}:after=1:times=2") as there:
        await there.ok("ReadVms")
        await there.ok("ReadImages")
        assert [await there.refused("ReadVms") for _ in range(2)] == [refused] * 2
        await there.ok("ReadVms")


async def test_a_snapshot_fails_and_so_does_its_image(tmp_path: Path) -> None:
    async with site(tmp_path, "snapshot:failed:once") as there:
        vm = await there.stopped_vm()
        body = {"VmId": vm["VmId"], "ImageName": "golden"}
        image = (await there.ok("CreateImage", **body))["Image"]
        failed = await there.until("Image", image["ImageId"], "failed")
        assert failed["StateComment"]["StateMessage"]
        snapshot = failed["BlockDeviceMappings"][0]["Bsu"]["SnapshotId"]
        assert (await there.one("Snapshot", snapshot))["State"] == "error"
        assert await there.refused("CreateVms", ImageId=image["ImageId"]) == (400, "6001")


async def test_an_image_fails_though_its_snapshot_is_completed(tmp_path: Path) -> None:
    async with site(tmp_path, "image:failed") as there:
        vm = await there.stopped_vm()
        image = (await there.ok("CreateImage", VmId=vm["VmId"], ImageName="golden"))["Image"]
        failed = await there.until("Image", image["ImageId"], "failed")
        snapshot = failed["BlockDeviceMappings"][0]["Bsu"]["SnapshotId"]
        assert (await there.one("Snapshot", snapshot))["State"] == "completed"


async def test_a_volume_fails_and_can_be_deleted(tmp_path: Path) -> None:
    async with site(tmp_path, "volume:failed") as there:
        body = {"SubregionName": "eu-west-2a", "Size": 1}
        volume = (await there.ok("CreateVolume", **body))["Volume"]
        await there.until("Volume", volume["VolumeId"], "error")
        await there.ok("DeleteVolume", VolumeId=volume["VolumeId"])


async def test_a_vm_that_fails_is_in_quarantine_and_can_be_deleted(tmp_path: Path) -> None:
    async with site(tmp_path, "vm:failed") as there:
        vm = await there.vm("quarantine")
        await there.ok("DeleteVms", VmIds=[vm["VmId"]])
        await there.until("Vm", vm["VmId"], "terminated")
        assert there.leftovers() == set()


@pytest.mark.parametrize(
    ("fault", "state"), [("vm:stuck", "pending"), ("vm_stop:stuck", "stopping")]
)
async def test_a_stuck_vm_can_be_deleted(tmp_path: Path, fault: str, state: str) -> None:
    async with site(tmp_path, fault) as there:
        vm = await there.vm("pending" if state == "pending" else "running")
        if state == "stopping":
            await there.ok("StopVms", VmIds=[vm["VmId"]])
        for _ in range(50):
            assert (await there.one("Vm", vm["VmId"]))["State"] == state
        await there.ok("DeleteVms", VmIds=[vm["VmId"]])
        await there.until("Vm", vm["VmId"], "terminated")


async def test_a_link_that_is_stuck_stays_attaching(tmp_path: Path) -> None:
    async with site(tmp_path, "link:stuck") as there:
        vm, volume = await there.vm(), await there.volume()
        link = {"VmId": vm["VmId"], "VolumeId": volume["VolumeId"], "DeviceName": "/dev/sdb"}
        await there.ok("LinkVolume", **link)
        for _ in range(50):
            (shown,) = (await there.one("Volume", volume["VolumeId"]))["LinkedVolumes"]
            assert shown["State"] == "attaching"
        assert await there.refused("UnlinkVolume", VolumeId=volume["VolumeId"]) == (400, "6007")
        await there.ok("UnlinkVolume", VolumeId=volume["VolumeId"], ForceUnlink=True)
        await there.until("Volume", volume["VolumeId"], "available")


async def test_addresses_run_out_and_ssh_is_closed(tmp_path: Path) -> None:
    async with site(tmp_path, "public_ip:none", "ssh:closed") as there:
        assert await there.refused("CreatePublicIp") == (400, "10011")
        await there.vm()
        assert there.host.starts[0].address is None


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("ReadVms:throttle-7", "'throttle-7' is no effect on ReadVms; there are 500, throttle-6"),
        ("ReadVms:404", "'404' is no effect on ReadVms"),
        ("image:lost", "'lost' is no effect on image; there are failed, stuck"),
        ("ReadVm:500", "no operation is called ReadVm; did you mean ReadVms?"),
        ("instance:failed", "'failed' is no effect on instance"),
    ],
)
def test_a_spec_that_is_none_says_what_is_wrong(spec: str, said: str) -> None:
    with pytest.raises(FaultSpecError) as caught:
        parse([spec], OUTSCALE).check_targets(tuple(ACTIONS))
    assert said in str(caught.value)
