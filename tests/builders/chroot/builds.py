"""Templates of chroot builds, and looking into what they make."""

from __future__ import annotations

import fcntl
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oxtui.builders.chroot.lock import LOCK

MIB = 1 << 20
IMAGE = f"disk_size = {64 * MIB}"
ARCHIVE = 'format = "tar.gz"'


def template(base: Path, folder: Path, *provisioners: str, source: str = IMAGE) -> str:
    """A template with one chroot source, all of which lies in a folder."""
    inner = "\n".join(provisioners)
    return f"""
source "chroot" "c" {{
  source     = "{base}"
  output     = "{folder}/out/made"
  mount_path = "{folder}/mnt/{{{{.Device}}}}"
  {source}
}}
build {{
  sources = ["source.chroot.c"]
  {inner}
}}
"""


def failing(folder: Path, word: str) -> str:
    """A `command_wrapper` under which the first command with that word in it fails, and no other does."""
    wrapper = folder / "wrapper"
    wrapper.write_text(
        f"""#!/bin/sh
case " $* " in
*"{word}"*) if mkdir "$0.done" 2>/dev/null; then echo "not this time" >&2; exit 9; fi;;
esac
exec "$@"
"""
    )
    wrapper.chmod(0o755)
    return f'command_wrapper = "{wrapper} {{{{.Command}}}}"'


def partition_table(start: int, sectors: int) -> bytes:
    """The first sector of a disk with one partition of Linux, in sectors of 512 bytes."""
    entry = struct.pack("<B3sB3sII", 0, bytes(3), 0x83, bytes(3), start, sectors)
    return bytes(446) + entry + bytes(48) + b"\x55\xaa"


@contextmanager
def inside(image: Path, folder: Path) -> Iterator[Path]:
    """A disk image, mounted to be read."""
    there = folder / "inside"
    there.mkdir()
    with LOCK.open() as lock:  # another test may wait for a device of its own to appear
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(["mount", "-o", "loop,ro", str(image), str(there)], check=True)
    try:
        yield there
    finally:
        subprocess.run(["umount", str(there)], check=True)
        there.rmdir()
