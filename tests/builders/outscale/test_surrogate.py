"""Builds of the outscale-bsusurrogate builder on a simulated Outscale, whose VMs have no block devices.

What is on the surrogate volume comes from a snapshot here; all else is as it would be.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.component.commands import Retry
from tests.builders.outscale.bench import IMAGE, OutscaleBench, bench, template
from tests.sessions import shell

SURROGATE = """
  launch_block_device_mappings {{
    device_name = "/dev/sdb"
    snapshot_id = "{snapshot}"
    volume_type = "io1"
    iops = 100
    delete_on_vm_deletion = true
  }}
  launch_block_device_mappings {{
    device_name = "/dev/sdc"
    volume_size = 1
    {more}
  }}
  omi_root_device {{
    source_device_name = "/dev/sdb"
    device_name = "/dev/sda1"
    volume_type = "gp2"
    delete_on_vm_deletion = true
  }}
  omi_description = "In {{{{ .BuildRegion }}}}"
  snapshot_account_ids = ["222222222222"]
  tags = {{ base = "{{{{ .SourceOMIName }}}}" }}
"""


def surrogate(snapshot: str, more: str = "") -> str:
    """A template that makes an image of what is on a snapshot."""
    source = SURROGATE.format(snapshot=snapshot, more=more)
    return template(shell("echo built"), source=source, kind="outscale-bsusurrogate")


async def snapshot_of_base(there: OutscaleBench) -> str:
    """The snapshot of an image that has a file which the seeded one has not."""
    finished = await there.run(template(shell("echo surrogate > ~/mark"), name="base"))
    assert finished.status == "succeeded", there.build.error
    (image,) = await there.client.images.list({"ImageNames": ["base"]})
    return image.snapshot_ids[0]


async def test_the_image_is_of_the_surrogate_volume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        finished = await there.run(surrogate(await snapshot_of_base(there)))
        assert finished.status == "succeeded", there.build.error
        assert await there.left() == ["ami", "ami", "snap", "snap", "snap"]
        assert await there.records() == []
        (image,) = await there.client.images.list({"ImageNames": ["made"]})
        assert (image.root_device_name, image.architecture) == ("/dev/sda1", "x86_64")
        devices = {each.device_name: each.bsu for each in image.block_device_mappings}
        assert list(devices) == ["/dev/sda1", "/dev/sdc"]
        root = devices["/dev/sda1"]
        assert root is not None
        assert (root.volume_type, root.iops, root.delete_on_vm_deletion) == ("gp2", 0, True)
        assert list(image.labels) == ["base"]
        assert image.description == "In eu-west-2"
        # What boots from it is what was on the surrogate volume.
        text = template(shell("cat ~/mark"), source="skip_create_omi = true", name="other")
        text = text.replace('owners  = ["Outscale"]', 'owners  = ["self"]').replace(IMAGE, "made")
        finished = await there.run(text)
        assert finished.status == "succeeded", there.build.error
        assert "surrogate" in there.log("provision-1").splitlines()


FAULTS = [
    ("snapshot:failed", "of /dev/sdb failed"),
    ("snapshot:stuck", "is not completed but pending at 75 % after"),
    ("CreateSnapshot:500", "CreateSnapshot: Outscale answers"),
    ("CreateSnapshot:500:after=1", "CreateSnapshot: Outscale answers"),
    ("CreateSnapshot:timeout-but-done", "CreateSnapshot: "),
    ("ReadSnapshots:500:times=9", "ReadSnapshots: Outscale answers"),
    ("image:failed", "image ami-"),
    ("CreateImage:500", "CreateImage: Outscale answers"),
    ("CreateImage:timeout-but-done", "CreateImage: "),
    ("UpdateSnapshot:500", "UpdateSnapshot: Outscale answers"),
    ("CreateVms:timeout-but-done", "CreateVms: "),
]
BLANK = SURROGATE.replace('snapshot_id = "{snapshot}"', "volume_size = 4")


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "told"), FAULTS)
async def test_each_failure_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, told: str
) -> None:
    async with bench(tmp_path, monkeypatch, "--fault", fault, waits="3s") as there:
        source = BLANK.format(more="delete_on_vm_deletion = false")
        text = template(shell("true"), source=source, kind="outscale-bsusurrogate")
        assert (await there.run(text)).status == "failed"
        assert told in there.build.error
        assert await there.left() == []
        assert await there.records() == []


@pytest.mark.slow
@pytest.mark.parametrize("step", ["snapshots", "image"])
async def test_what_failed_is_tried_again_and_volumes_stay_that_are_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    fault = f"{step.removesuffix('s')}:failed:once"
    async with bench(tmp_path, monkeypatch, "--fault", fault) as there:
        source = BLANK.format(more="delete_on_vm_deletion = false")
        text = template(source=source, kind="outscale-bsusurrogate")
        finished = await there.run(text, lambda stop: Retry(build=stop.build))
        assert finished.status == "succeeded", there.build.error
        assert there.attempts(step) == ["failed", "done"]
        assert await there.left() == ["ami", "snap", "snap", "vol"]
        assert await there.records() == []
        (volume,) = await there.client.volumes.list()
        assert (volume.state, volume.size) == ("available", 1)


@pytest.mark.slow
async def test_snapshots_of_an_image_that_was_replaced_by_nothing_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch, "--fault", "CreateImage:500:after=1") as there:
        source = BLANK.format(more="delete_on_vm_deletion = true")
        text = template(source=source, kind="outscale-bsusurrogate")
        assert (await there.run(text)).status == "succeeded", there.build.error
        more = "force_deregister = true\nforce_delete_snapshot = true"
        text = template(source=f"{source}\n{more}", kind="outscale-bsusurrogate")
        assert (await there.run(text)).status == "failed"
        assert await there.left() == ["snap", "snap"]
        records = await there.records()
        assert {each.kind for each in records} == {"outscale.snapshot"}
        assert all(each.kept and "the only copy" in each.reason for each in records)


MAPPED = """
  launch_block_device_mappings {
    device_name = "/dev/sdb"
    volume_size = 4
  }
  launch_block_device_mappings {
    device_name = "/dev/sdc"
    volume_size = 1
    volume_type = "io1"
    iops        = 100
  }
  omi_block_device_mappings {
    device_name = "/dev/sdc"
    volume_size = 9
  }
  omi_block_device_mappings {
    device_name = "/dev/sda1"
    volume_size = 9
  }
  omi_block_device_mappings {
    device_name           = "/dev/sdd"
    snapshot_id           = "%s"
    delete_on_vm_deletion = true
  }
  omi_root_device {
    source_device_name = "/dev/sdb"
    device_name        = "/dev/sda1"
    volume_type        = "io1"
    iops               = 200
    volume_size        = 6
  }
"""


@pytest.mark.slow
async def test_the_image_has_the_template_s_devices_and_over_them_those_of_the_vm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        given = await snapshot_of_base(there)
        text = template(source=MAPPED % given, kind="outscale-bsusurrogate")
        finished = await there.run(text)
        assert finished.status == "succeeded", there.build.error
        (image,) = await there.client.images.list({"ImageNames": ["made"]})
        found = {
            each.device_name: (b.volume_size, b.volume_type, b.iops, b.delete_on_vm_deletion)
            for each in image.block_device_mappings
            if (b := each.bsu) is not None
        }
        assert found == {
            "/dev/sda1": (6, "io1", 200, False),
            "/dev/sdc": (1, "io1", 100, False),
            "/dev/sdd": (10, "standard", 0, True),
        }
        assert given in image.snapshot_ids
