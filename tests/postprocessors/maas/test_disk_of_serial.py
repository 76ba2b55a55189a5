"""The program on a helper instance finds the disk by what the kernel tells of it, and takes no other."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from oxtui.postprocessors.maas.device_script import serial_script

SERIAL, SIZE = "read-1a2b-packer-179", 1 << 30


def disk(root: Path, name: str, *, serial: str = "", size: int = SIZE, by_id: str = "") -> None:
    """A disk as Linux shows it below /sys and udev below /dev; a link stands for the node."""
    node = next((each for each in Path("/dev").iterdir() if each.is_block_device()), None)
    if node is None:
        pytest.skip("there is no block device here")
    (root / "dev/disk/by-id").mkdir(parents=True, exist_ok=True)
    (root / "dev" / name).symlink_to(node)
    block = root / "sys/block" / name
    (block / "device").mkdir(parents=True)
    (block / "size").write_text(f"{size // 512}\n")
    if serial:
        (block / "device/serial").write_bytes(serial.encode().ljust(20, b" ") + b"\n")
    if by_id:
        (root / "dev/disk/by-id" / by_id).symlink_to(root / "dev" / name)


def found(root: Path) -> tuple[str, str]:
    """Which of the disks the program would read, or why none; and what it says."""
    program = serial_script(SERIAL, SIZE)
    program = program.replace("/dev/disk", f"{root}/dev/disk").replace(
        "/sys/block", f"{root}/sys/block"
    )
    program = program.replace("=/dev/$", f"={root}/dev/$").replace('"$(id -u)" = 0', "0 = 0")
    end = program.index("[ -r /proc/mounts ]")
    program = program[:end] + 'echo "$device"'
    program = program.replace("readlink -f", "readlink")
    ended = subprocess.run(
        ["/bin/sh", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    return ended.stdout.strip().removeprefix(f"{root}/dev/"), ended.stderr.strip()


@pytest.mark.parametrize(
    "by_id", ["nvme-Model_of_it_{}", "nvme-Model_of_it_{}_1", "virtio-{}", "scsi-0Vendor_Model_{}"]
)
def test_udev_names_it(tmp_path: Path, by_id: str) -> None:
    disk(tmp_path, "nvme0n1", by_id=by_id.format("packer-1790000000-1a"))
    disk(tmp_path, "nvme1n1", by_id=by_id.format(SERIAL), size=5 << 30)
    assert found(tmp_path) == ("nvme1n1", "")


def test_the_kernel_tells_its_serial_number(tmp_path: Path) -> None:
    disk(tmp_path, "nvme0n1", serial="packer-1790000000-1a")
    disk(tmp_path, "nvme1n1", serial=SERIAL)
    disk(tmp_path, "nvme2n1", serial=f"x{SERIAL[1:]}")
    assert found(tmp_path) == ("nvme1n1", "")


def test_the_only_one_of_its_size_stands_in_and_is_told(tmp_path: Path) -> None:
    disk(tmp_path, "vda", size=SIZE * 2)
    disk(tmp_path, "vdb")
    device, said = found(tmp_path)
    assert (device, "was found by its size" in said) == ("vdb", True)
    disk(tmp_path, "vdc")
    device, said = found(tmp_path)
    assert (device, said.startswith("oxtui-maas: both ")) == ("", True)


def test_none_is_none(tmp_path: Path) -> None:
    disk(tmp_path, "vda", size=SIZE * 2)
    assert found(tmp_path) == (
        "", f"oxtui-maas: no disk has the serial number {SERIAL} or {SIZE} bytes",
    )  # fmt: skip
