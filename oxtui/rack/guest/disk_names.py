"""Names of further disks below /dev of an instance: as the kernel numbers NVMe disks, and as udev links them.

The boot disk is the first NVMe controller; it is a tree, and has no node.
"""

from __future__ import annotations

import os
from pathlib import Path

_NODES = "nvme[0-9]*n1"
_BY_ID = "disk/by-id"
_MODEL = "OXIDE_NVMe"


def clear(devices: Path) -> None:
    """Removes what an earlier boot left in a /dev that is kept."""
    for path in (*devices.glob(_NODES), *devices.glob(f"{_BY_ID}/*")):
        path.unlink()


def add(devices: Path, serial: str) -> Path:
    """Where the next disk's node belongs; the link with its serial number leads there."""
    node = devices / f"nvme{len(list(devices.glob(_NODES))) + 1}n1"
    links = devices / _BY_ID
    links.mkdir(parents=True, exist_ok=True)
    os.symlink(f"../../{node.name}", links / f"nvme-{_MODEL}_{serial}")
    return node
