"""Disks as the bytes of block devices, and machines that boot from those."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from oxtui.rack.hypervisor import RackMachineError
from tests.rack.machines.harness import GIB, Bench
from tests.roots import copy_root, needs_mounts

pytestmark = [pytest.mark.asyncio(loop_scope="module"), needs_mounts()]


def shown(file: Path, command: str) -> str:
    """What debugfs says of the partition on a disk."""
    words = ["debugfs", "-R", command, f"{file}?offset={1 << 20}"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout


async def imported(bench: Bench, tree: Path) -> str:
    """A disk whose bytes are a file system with a tree, and no partition table."""
    disk = bench.new_id("disk")
    await bench.hypervisor.disks.create_blank(disk)
    file = await bench.hypervisor.disks.raw_file(disk, GIB)
    made = await asyncio.create_subprocess_exec("mkfs.ext4", "-q", "-F", "-d", tree, file)
    assert await made.wait() == 0
    return disk


async def test_files_become_bytes_and_bytes_become_files(bench: Bench) -> None:
    disks, disk = bench.hypervisor.disks, await bench.new_disk()
    async with bench.booted(disk) as instance:
        await instance.run("sudo sh -c 'echo 1 >/opt/made; rm /usr/bin/yes'; sync")
        with pytest.raises(RackMachineError, match="in use by a running machine"):
            await disks.to_bytes(disk, GIB)
    await disks.to_bytes(disk, GIB)
    file = await disks.raw_file(disk, GIB)
    assert file.stat().st_size == GIB
    assert shown(file, "cat /opt/made") == "1\n"
    assert "ID=ubuntu\n" in shown(file, "cat /etc/os-release")
    assert "Type: regular" in shown(file, "stat /usr/bin/cat")
    assert "Mode:  0750" in shown(file, "stat /home/ubuntu")
    assert shown(file, "stat /usr/bin/yes") == ""
    await disks.snapshot(disk, snapshot := bench.new_id("snapshot"))
    copy = await bench.new_disk(snapshot)
    assert await disks.bootable(copy)
    async with bench.booted(copy) as instance:
        see = "cat /opt/made; id -un; sudo id -un; ls /usr/bin/yes 2>&1 || echo 2 >made"
        assert (await instance.run(see)).splitlines()[:3] == ["1", "ubuntu", "root"]
        await instance.run("sync")
        assert await disks.bootable(copy)
    async with bench.booted(copy) as instance:
        assert await instance.run("cat made") == "2\n"


async def test_bytes_of_a_base_are_made_once_and_each_disk_has_its_own(bench: Bench) -> None:
    disks = bench.hypervisor.disks
    one, two = await bench.new_disk(), await bench.new_disk()
    files = []
    for disk in (one, two):
        await disks.to_bytes(disk, GIB)
        files.append(await disks.raw_file(disk, GIB))
    assert beginning(files[0]) == beginning(files[1])  # the UUID of the file system is the same
    await disks.write_raw(one, 0, b"changed")
    assert beginning(files[0]) != beginning(files[1])


def beginning(file: Path) -> bytes:
    """The first part of a disk, with the superblock of the file system."""
    with file.open("rb") as opened:
        return opened.read(2 << 20)


async def test_what_leads_out_of_an_image_is_not_followed(bench: Bench, tmp_path: Path) -> None:
    outside, tree = tmp_path / "outside", tmp_path / "tree"
    outside.mkdir()
    (tree / "usr").mkdir(parents=True)
    for name in ("dev", "proc", "usr/sbin", "etc"):
        (tree / name).symlink_to(outside)
    disk = await imported(bench, tree)
    assert await bench.hypervisor.disks.bootable(disk)
    with pytest.raises(RackMachineError):
        await bench.hypervisor.start(bench.spec(disk), Silent())
    assert os.listdir(outside) == []


class Silent:
    """Hears nothing."""

    def serial(self, data: bytes) -> None:
        """Nothing."""

    def stopped(self, reason: str, detail: str) -> None:
        """Nothing."""


async def test_an_imported_system_boots_alone_and_gets_the_default_user(
    bench: Bench, tmp_path: Path
) -> None:
    tree = tmp_path / "tree"
    copy_root(tree)
    (tree / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\nolga:x:1000:1000::/:/bin/sh")
    (tree / "etc/group").write_text("root:x:0:\nwheel:x:27:olga\nbroken\n")
    (tree / "etc/os-release").write_text('ID=ubuntu\nVERSION_ID="24.04"\n')
    async with bench.booted(await imported(bench, tree)) as instance:
        assert await instance.run("cat /etc/group; id -un; [ -e /usr/bin/gzip ] || echo alone") == (
            "root:x:0:\nwheel:x:27:olga,ubuntu\nbroken\nubuntu:x:1001:\nubuntu\nalone\n"
        )
        assert "ubuntu" in await instance.run("pwd; ls -l -d .")
