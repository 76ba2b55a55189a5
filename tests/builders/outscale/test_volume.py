"""The outscale-bsuvolume builder: volumes outlive a build that succeeds, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.outscale.bench import bench, template
from tests.sessions import rackless, shell

VOLUMES = """
  bsu_volumes {
    device_name = "/dev/sdb"
    volume_size = 1
    tags        = { from = "{{ .SourceOMI }}" }
  }
  bsu_volumes {
    device_name           = "/dev/sdc"
    volume_size           = 2
    delete_on_vm_deletion = true
  }
"""


def volumes(*inner: str, kind: str = "outscale-bsuvolume", source: str = VOLUMES) -> str:
    return template(*inner, source=source, kind=kind).replace('  omi_name     = "made"\n', "")


async def test_the_volumes_are_what_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        finished = await there.run(volumes(shell("true")))
        assert finished.status == "succeeded", there.build.error
        (volume,) = await there.client.volumes.list()
        assert (volume.size, volume.state) == (1, "available")
        (image,) = await there.client.images.list({"ImageNames": ["Ubuntu-24.04-2026.10.05-0"]})
        assert volume.labels["from"] == image.image_id
        assert await there.left() == ["vol"]
        assert await there.records() == []
        assert f"eu-west-2:{volume.volume_id}" in str(there.sessions[-1].state)


async def test_a_build_that_fails_leaves_no_volume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        finished = await there.run(volumes(shell("false")))
        assert finished.status == "failed"
        assert await there.left() == []
        assert await there.records() == []


async def test_older_names_are_told_and_taken(tmp_path: Path) -> None:
    text = volumes(kind="osc-bsuvolume", source=VOLUMES.replace("bsu_volumes", "ebs_volumes"))
    async with rackless(tmp_path) as there:
        planning = await there.plan(text)
        assert planning.plan is not None, [str(each) for each in planning.diagnostics]
        told = " ".join(str(each) for each in planning.diagnostics)
        assert '"osc-bsuvolume" is called "outscale-bsuvolume" now' in told
        assert '"ebs_volumes" is called "bsu_volumes" now' in told
        options = planning.plan.builds[0].options.model_dump()
        assert [each["device_name"] for each in options["bsu_volumes"]] == ["/dev/sdb", "/dev/sdc"]
