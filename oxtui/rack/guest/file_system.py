"""The tree of a disk as the bytes of a file system, for whoever reads the disk as a block device."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from oxtui.rack.guest import layout, merge, partitions
from oxtui.rack.guest.request import MakeImage
from oxtui.rack.guest.trees import remove_tree

_PROGRAM = "mke2fs"
_SEARCH_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
_LABEL = "cloudimg-rootfs"
"""What the bases' /etc/fstab calls the root."""
_START = 1 << 20
"""Where the partition of a whole disk begins, in bytes."""
_LARGEST = (1 << 32) * partitions.SECTOR - _START
"""What a partition table (MBR) can tell of a partition, in bytes."""


def make(request: MakeImage) -> None:
    """Writes an ext4 file system that holds what the layers hold, as a sparse file.

    Raises:
        RuntimeError: this machine cannot make one.
        OSError: the file system of the host refused.
        subprocess.CalledProcessError: it does not fit, or a program failed; its standard error says why.
    """
    program = shutil.which(_PROGRAM, path=_SEARCH_PATH)
    if program is None:
        raise RuntimeError(f"{_PROGRAM} (e2fsprogs) is not installed, so a disk cannot be a device")
    file = Path(request.file)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial, tree = file.with_suffix(".partial"), file.parent / "tree"
    remove_tree(str(tree))
    partial.unlink(missing_ok=True)
    source = _whole(request, tree)
    start = _START if request.whole else 0
    size = min(request.size - start, _LARGEST)
    try:
        with partial.open("xb") as made:
            if request.whole:
                made.write(partitions.table_of_one(start, size))
            made.truncate(request.size)
        words = [program, "-q", "-F", "-t", "ext4", "-L", _LABEL, "-E", f"offset={start}"]
        words += ["-d", source, str(partial), f"{size >> 10}k"]
        subprocess.run(words, check=True, capture_output=True, text=True)
        os.rename(partial, file)
    finally:
        partial.unlink(missing_ok=True)
        remove_tree(str(tree))


def _whole(request: MakeImage, tree: Path) -> str:
    """A folder that holds the whole tree: a disk's own where it has one, else one merged into `tree`."""
    place = request.place
    if not request.mode.layered:
        return f"{place.layer(request.layers[0])}/root"
    _merge(request, "root", tree)
    programs = (place.programs, place.tools) if request.whole else ()
    for name in layout.shared_folders(place.layer(request.layers[0])):
        (tree / name).rmdir()  # where the host's folder is mounted in an instance
        _merge(request, name, tree / name, *programs)
    return str(tree)


def _merge(request: MakeImage, name: str, target: Path, *lowest: str) -> None:
    folders = [f"{layer}/{name}" for layer in (*lowest, *map(request.place.layer, request.layers))]
    merge.merge([folder for folder in folders if os.path.isdir(folder)], str(target), [])
