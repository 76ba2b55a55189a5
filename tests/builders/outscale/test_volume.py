"""Builds of the outscale-bsuvolume builder on a simulated Outscale: volumes, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxtui.build.report.outcome import Outcomes
from oxtui.component.events import ArtifactMade
from tests.builders.outscale.bench import bench, template
from tests.sessions import shell

VOLUMES = """
  bsu_volumes {
    device_name = "/dev/sdb"
    volume_size = 2
    tags = { from = "{{ .SourceOMIName }}", where = "{{ .BuildRegion }}" }
  }
  bsu_volumes {
    device_name = "/dev/sdc"
    volume_size = 1
    delete_on_vm_deletion = true
  }
  run_tags = { who = "tests" }
"""
"""One that is kept, and one that the build needs for itself."""


def volumes(*inner: str, source: str = VOLUMES) -> str:
    """A template that makes volumes."""
    return template(*inner, source=source, kind="outscale-bsuvolume", name="")


async def test_volumes_outlive_the_vm_that_filled_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        finished = await there.run(volumes(shell("echo filled")))
        assert finished.status == "succeeded", there.build.error
        assert await there.left() == ["vol"]
        assert await there.records() == []
        (volume,) = await there.client.volumes.list()
        assert (volume.state, volume.size) == ("available", 2)
        assert volume.labels["from"].startswith("Ubuntu")
        assert volume.labels["where"] == "eu-west-2"
        (artifact,) = [event for event in there.events if isinstance(event, ArtifactMade)]
        assert artifact.builder_id == "oapi.outscale.bsuvolume"
        assert artifact.id == f"eu-west-2:{volume.volume_id}"
        assert volume.volume_id in artifact.text
        assert Outcomes([]).made(artifact).startswith(f"volume {volume.volume_id} (eu-west-2:")


@pytest.mark.slow
async def test_the_root_itself_can_be_what_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        root = 'bsu_volumes {\n device_name = "/dev/sda1"\n volume_size = 20\n}'
        finished = await there.run(volumes(shell("echo kept > ~/mark"), source=root))
        assert finished.status == "succeeded", there.build.error
        (volume,) = await there.client.volumes.list()
        assert await there.left() == ["vol"]
        assert (volume.state, volume.size) == ("available", 20)


@pytest.mark.parametrize(
    ("fault", "inner", "told"),
    [
        ("", "false", "exit status 1"),
        pytest.param(
            "vm_stop:stuck", "true", "is not stopped but stopping after",
            marks=pytest.mark.slow,
        ),
        pytest.param("vm:failed", "true", "is quarantine", marks=pytest.mark.slow),
        pytest.param("CreateTags:500", "true", "CreateTags: Outscale", marks=pytest.mark.slow),
        pytest.param(
            "CreateVms:timeout-but-done", "true", "CreateVms: ", marks=pytest.mark.slow
        ),
    ],
)  # fmt: skip
async def test_a_build_that_failed_leaves_no_volume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, inner: str, told: str
) -> None:
    flags = ("--fault", fault) if fault else ()
    async with bench(tmp_path, monkeypatch, *flags, waits="3s") as there:
        assert (await there.run(volumes(shell(inner)))).status == "failed"
        assert told in there.build.error
        assert await there.left() == []
        assert await there.records() == []


@pytest.mark.slow
async def test_what_outlives_no_vm_is_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        scratch = """
          bsu_volumes {
            device_name = "/dev/sdb"
            volume_size = 1
            delete_on_vm_deletion = true
          }
        """
        finished = await there.run(volumes(source=scratch))
        assert finished.status == "succeeded", there.build.error
        assert [event for event in there.events if isinstance(event, ArtifactMade)] == []
        assert await there.left() == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["volume", "surrogate"])
async def test_volumes_are_there_when_the_guest_has_ended_its_vm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    surrogate = """
      launch_block_device_mappings {
        device_name = "/dev/sdb"
        volume_size = 2
        delete_on_vm_deletion = false
      }
      omi_root_device {
        source_device_name = "/dev/sdb"
        device_name = "/dev/sda1"
      }
    """
    given = VOLUMES if kind == "volume" else surrogate
    ends = 'shutdown_behavior = "terminate"\ndisable_stop_vm = true'
    name = "" if kind == "volume" else "made"
    text = template(
        shell("sudo poweroff", more="expect_disconnect = true\n skip_clean = true"),
        source=f"{given}\n{ends}", kind=f"outscale-bsu{kind}", name=name,
    )  # fmt: skip
    async with bench(tmp_path, monkeypatch) as there:
        finished = await there.run(text)
        assert finished.status == "succeeded", there.build.error
        made = ["vol"] if kind == "volume" else ["ami", "snap", "vol"]
        assert await there.left() == made
        assert await there.records() == []
