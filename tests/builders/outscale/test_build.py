"""Builds of the outscale-bsu builder on a simulated Outscale: what the image is, and what is left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxtui.component.events import ApiCalled, StepProgress
from tests.builders.outscale.bench import IMAGE, bench, template
from tests.sessions import shell

EVERYTHING = """
  omi_description = "From {{ .SourceOMIName }} in {{ .BuildRegion }}"
  omi_account_ids = ["111111111111"]
  snapshot_account_ids = ["222222222222"]
  global_permission = true
  omi_boot_modes = ["legacy", "uefi"]
  tags = { base = "{{ .SourceOMI }}" }
  snapshot_tags = { part = "{{ .BuildRegion }}" }
  run_tags = { who = "tests" }
  run_volume_tags = { what = "root" }
  associate_public_ip_address = true
  user_data = "#cloud-config"
  ssh_clear_authorized_keys = true
  launch_block_device_mappings {
    device_name = "/dev/sdb"
    volume_size = 1
    delete_on_vm_deletion = true
  }
"""


async def test_an_image_is_made_and_nothing_else_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        manifest = f'post-processor "manifest" {{ output = "{tmp_path}/manifest.json" }}'
        text = template(shell("echo made > ~/made"), manifest, source=EVERYTHING)
        finished = await there.run(text)
        assert finished.status == "succeeded", there.build.error
        (image,) = await there.client.images.list({"ImageNames": ["made"]})
        assert await there.left() == ["ami", "snap", "snap"]
        assert (image.state, image.description) == ("available", f"From {IMAGE} in eu-west-2")
        source = (await there.client.images.list({"ImageNames": [IMAGE]}))[0]
        assert image.labels == {"base": source.image_id}
        (made,) = json.loads((tmp_path / "manifest.json").read_text())["builds"]
        assert made["artifact_id"] == f"eu-west-2:{image.image_id}"
        snapshots = await there.client.snapshots.list({"SnapshotIds": list(image.snapshot_ids)})
        assert [each.labels for each in snapshots] == [
            {"base": source.image_id, "part": "eu-west-2"}
        ] * 2
        assert await there.records() == []
        # What the new image has is what the provisioner made, without the key of the build.
        again = template(
            shell("cat ~/made", "test $(grep -c oxtui- ~/.ssh/authorized_keys) = 1"),
            source=f'skip_create_omi = true\nsource_omi = "{image.image_id}"',
        )
        again = again.replace('owners  = ["Outscale"]', 'owners  = ["self"]').replace(IMAGE, "made")
        finished = await there.run(again)
        assert finished.status == "succeeded", there.build.error
        assert "made" in there.log("provision-1").splitlines()
        assert await there.left() == ["ami", "snap", "snap"]
        assert {e.operation for e in there.events if isinstance(e, ApiCalled)} >= {"CreateVms"}


@pytest.mark.slow
async def test_a_name_that_is_taken_is_told_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        assert (await there.run(template())).status == "succeeded", there.build.error
        (first,) = await there.client.images.list({"ImageNames": ["made"]})
        there.events.clear()
        assert (await there.run(template())).status == "failed"
        assert "has an image" in there.build.error
        made = [e for e in there.events if isinstance(e, ApiCalled) and "Create" in e.operation]
        assert made == []
        source = "force_delete_snapshot = true"
        finished = await there.run(template(source=source), force=True)
        assert finished.status == "succeeded", there.build.error
        (second,) = await there.client.images.list({"ImageNames": ["made"]})
        assert second.image_id != first.image_id
        assert await there.left() == ["ami", "snap"]


@pytest.mark.slow
async def test_it_goes_on_in_a_subnet_with_given_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch) as there:
        (net,) = await there.client.nets.list()
        source = """
          skip_create_omi = true
          ssh_interface = "private_ip"
          net_filter { filters = { "ip-range" = "%s" } }
          subnet_filter {
            most_free = true
            filter {
              name = "states"
              value = "available"
            }
          }
        """  # fmt: skip
        finished = await there.run(template(shell("id"), source=source % net.ip_range))
        assert finished.status == "succeeded", there.build.error
        assert await there.left() == []
        missing = 'subnet_id = "subnet-00000000"'
        assert (await there.run(template(source=missing))).status == "failed"
        assert "there is no subnet subnet-00000000" in there.build.error


@pytest.mark.slow
async def test_progress_of_snapshots_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path, monkeypatch, "--latency", "real") as there:
        assert (await there.run(template())).status == "succeeded", there.build.error
        told = [e.text for e in there.events if isinstance(e, StepProgress) and e.step == "image"]
        assert any("snapshots are at" in text for text in told)
