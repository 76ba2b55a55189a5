"""Chroot builds on a simulated Outscale whose linked volumes are loop devices of this machine."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import cast

import httpx
import pytest

from oxtui.builders.chroot.lock import device_lock
from oxtui.builders.outscale.links import attached, unlink
from oxtui.builders.outscale.waiting import watched
from oxtui.outscale.metadata import VARIABLE
from tests.builders.chroot.builds import partition_table
from tests.builders.outscale.bench import IMAGE, OutscaleBench, bench
from tests.roots import copy_root

VM = ["i", "vol"]
"""What the account has as long as there is the VM that this machine stands for."""
_SECTORS = (2048, 128 * 1024)
"""Of the partition with the root: where it begins, and how many it has."""


def scratch(folder: Path, *inner: str, more: str = "", name: str = "base") -> str:
    """A template that makes an image from an empty volume: one partition, with a small userland."""
    return f"""
source "outscale-chroot" "c" {{
  omi_name         = "{name}"
  from_scratch     = true
  root_volume_size = 1
  root_device_name = "/dev/sda1"
  mount_path       = "{folder}/mnt/{{{{.Device}}}}"
  pre_mount_commands = [
    "dd if={folder}/table of={{{{.Device}}}} conv=notrunc status=none",
    "partx --update {{{{.Device}}}}",
    "mkfs.ext4 -q {{{{.Device}}}}p1",
  ]
  post_mount_commands = ["cp -a {folder}/userland/. {{{{.MountPath}}}}"]
  omi_block_device_mappings {{
    device_name           = "/dev/sda1"
    delete_on_vm_deletion = true
  }}
  {more}
}}
build {{
  sources = ["source.outscale-chroot.c"]
  {chr(10).join(inner)}
}}
"""


def on_base(folder: Path, *inner: str, more: str = "", kind: str = "outscale-chroot") -> str:
    """A template that begins with the image of `scratch`."""
    return f"""
source "{kind}" "c" {{
  omi_name   = "made"
  mount_path = "{folder}/mnt/{{{{.Device}}}}"
  source_omi_filter {{
    filters = {{ "image-name" = "base" }}
  }}
  {more}
}}
build {{
  sources = ["source.{kind}.c"]
  {chr(10).join(inner)}
}}
"""


@asynccontextmanager
async def chroots(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *flags: str, waits: str = ""
) -> AsyncIterator[OutscaleBench]:
    """A simulated Outscale with one VM, which this machine stands for."""
    await asyncio.to_thread(copy_root, folder / "userland")
    (folder / "table").write_bytes(partition_table(*_SECTORS))
    async with bench(folder, monkeypatch, "--loop-devices", *flags, waits=waits) as there:
        (image,) = await there.client.images.list({"ImageNames": [IMAGE]})
        vm = await there.client.create_vm({"ImageId": image.image_id, "VmType": "tinav6.c1r1p2"})

        async def runs() -> bool | None:
            found = await there.client.vms.find(vm.vm_id)
            return True if found is not None and found.state == "running" else None

        await watched(runs, limit=30, what=f"VM {vm.vm_id} is not running")
        base = there.process.endpoint.removesuffix("/api/v1")
        environ = cast("dict[str, str]", there.environment.environ)
        environ[VARIABLE] = f"{base}/metadata/{vm.vm_id}"
        yield there


async def own_vm(there: OutscaleBench) -> str:
    """Id of the VM that this machine stands for."""
    async with httpx.AsyncClient() as client:
        base = there.environment.environ[VARIABLE]
        return (await client.get(f"{base}/latest/meta-data/instance-id")).raise_for_status().text


@asynccontextmanager
async def inside(there: OutscaleBench, folder: Path, snapshot_id: str) -> AsyncIterator[Path]:
    """What is in the root of an image: its snapshot, restored, linked and mounted to be read."""
    client, vm_id = there.client, await own_vm(there)
    volume = await client.create_volume({"SubregionName": "eu-west-2a", "SnapshotId": snapshot_id})
    await available(there, volume.volume_id)
    async with device_lock(lambda text: None):
        before = _attached()
        await client.call(
            "LinkVolume", DeviceName="/dev/xvdz", VmId=vm_id, VolumeId=volume.volume_id
        )
        (device,) = _attached() - before
    await attached(client, volume.volume_id, limit=30)
    try:
        with _mounted(f"{device}p1", folder / "inside") as root:
            yield root
    finally:
        await unlink(client, volume.volume_id, limit=30)
        await client.call("DeleteVolume", VolumeId=volume.volume_id)


async def available(there: OutscaleBench, volume_id: str) -> None:
    """Waits for a volume."""

    async def look() -> bool | None:
        found = await there.client.volumes.find(volume_id)
        return True if found is not None and found.state == "available" else None

    await watched(look, limit=30, what=f"volume {volume_id} is not available")


def _attached() -> set[str]:
    found = Path("/sys/block").glob("loop*/loop/backing_file")
    return {f"/dev/{each.parent.parent.name}" for each in found}


@contextmanager
def _mounted(device: str, target: Path) -> Iterator[Path]:
    target.mkdir()
    subprocess.run(["partx", "--update", device.rpartition("p")[0]], check=False)
    subprocess.run(["mount", "-o", "ro,noload", device, str(target)], check=True)
    try:
        yield target
    finally:
        subprocess.run(["umount", str(target)], check=True)
        target.rmdir()
