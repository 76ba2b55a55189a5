"""The outscale-bsusurrogate builder: a further volume of the VM becomes the root of the image."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.builders.outscale.options.surrogate import BsuSurrogateOptions
from tests.builders.outscale.bench import bench, template
from tests.sessions import rackless, shell

DEVICES = """
  run_volume_tags = { what = "root" }
  tags            = { made = "here" }
  launch_block_device_mappings {
    device_name = "/dev/sdb"
    volume_size = 2
    volume_type = "io1"
    iops        = 100
  }
  launch_block_device_mappings {
    device_name = "/dev/sdc"
    volume_size = 1
  }
  omi_root_device {
    source_device_name = "/dev/sdb"
    device_name        = "/dev/sda1"
    volume_type        = "gp2"
  }
"""
KIND = "outscale-bsusurrogate"


async def test_the_image_has_the_volumes_of_the_vm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        finished = await there.run(template(shell("true"), kind=KIND, source=DEVICES))
        assert finished.status == "succeeded", there.build.error
        (image,) = await there.client.images.list({"ImageNames": ["made"]})
        assert await there.left() == ["ami", "snap", "snap"]
        assert await there.records() == []
        assert image.root_device_name == "/dev/sda1"
        devices = {d.device_name: d.bsu for d in image.block_device_mappings}
        assert list(devices) == ["/dev/sda1", "/dev/sdc"]
        root = devices["/dev/sda1"]
        assert root is not None
        assert (root.volume_size, root.volume_type, root.iops) == (2, "gp2", 0)
        assert image.labels == {"made": "here"}
        assert "Snapshot snap-" in there.log("snapshots")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("snapshot:failed", "is error"),
        ("snapshot:stuck", "is not completed (waits.capture)"),
        ("image:failed", "image ami-"),
        ("CreateSnapshot:500:after=1", "CreateSnapshot: Outscale answers"),
        ("CreateImage:500", "CreateImage: Outscale answers"),
    ],
)
async def test_each_failure_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, told: str
) -> None:
    async with bench(tmp_path, monkeypatch, "--fault", fault, waits="3s") as there:
        finished = await there.run(template(shell("true"), kind=KIND, source=DEVICES))
        assert finished.status == "failed"
        assert told in there.build.error
        assert await there.left() == []
        assert await there.records() == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            '"/dev/sdb"\n    device_name        ',
            '"/dev/sdx"\n    device_name        ',
            "Map /dev/sdx",
        ),
        ("volume_size = 1", "no_device = true", "Leave no_device out of /dev/sdc"),
        (DEVICES.partition("  omi_root_device")[2], "{}", '"source_device_name" is needed'),
        (DEVICES[DEVICES.index("  omi_root_device") :], "", "Write omi_root_device"),
        ('"gp2"', '"gp2"\n    iops = 5', "Leave iops out"),
    ],
)
async def test_what_cannot_be_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in DEVICES
    text = template(kind=KIND, source=DEVICES.replace(old, new))
    async with rackless(tmp_path) as there:
        planning = await there.plan(text)
        assert planning.plan is None
        assert any(told in str(each) for each in planning.diagnostics)


def test_a_root_that_goes_with_its_vm_is_refused() -> None:
    given = {
        "omi_name": "made", "vm_type": "t", "source_omi": "ami-1", "ssh_username": "u",
        "shutdown_behavior": "terminate",
        "omi_root_device": {"source_device_name": "/dev/sdb", "device_name": "/dev/sda1"},
        "launch_block_device_mappings": [
            {"device_name": "/dev/sdb", "delete_on_vm_deletion": True}
        ],
    }  # fmt: skip
    with pytest.raises(ValueError, match="write stop for shutdown_behavior"):
        BsuSurrogateOptions.model_validate(given)
