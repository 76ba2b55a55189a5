"""Which folders of the host an instance shares, read-only, and how a layer is laid out.

A layer holds one folder for each overlay of an instance: `root` for everything that is the
instance's own, and one for each system folder (`usr`, and on a host that has not merged them also
`bin`, `lib` …), whose lowest layer is the host's folder of that name.

The lowest layer of a disk that was read from a block device holds a whole system: all of it is in `root`,
and nothing of the host is below it.
"""

from __future__ import annotations

import os
from pathlib import Path

_CANDIDATES = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")

TOOLS = "usr"
"""The system folder that holds the rack's own commands."""


def system_folders() -> list[str]:
    """Top-level folders of the host that hold its programs and are folders, not links."""
    return [
        name
        for name in _CANDIDATES
        if Path("/", name).is_dir() and not Path("/", name).is_symlink()
    ]


def system_links() -> dict[str, str]:
    """Top-level links of the host into its system folders, such as bin -> usr/bin."""
    return {
        name: os.readlink(Path("/", name)) for name in _CANDIDATES if Path("/", name).is_symlink()
    }


def shared_folders(layer: str) -> list[str]:
    """The system folders that an instance shares with the host: those that are empty in its disk's lowest layer.

    layer: the folder of that.
    """
    places = {name: Path(layer, "root", name) for name in system_folders()}
    return [
        name
        for name, place in places.items()
        if place.is_dir() and not place.is_symlink() and not any(place.iterdir())
    ]
