"""Files that are in the root while provisioners run, and not in what is made of it.

What the root has of that name comes back afterwards. What a provisioner writes in its place stays.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from oxtui.builders.chroot.in_root import in_root
from oxtui.communicators.chroot.host import Host
from oxtui.component.errors import StepError

NO_SERVICES = "/usr/sbin/policy-rc.d"
"""Debian's packages ask it before they start a service (invoke-rc.d(8))."""
_NO_SERVICES = b"#!/bin/sh\nexit 101\n"
_KEPT = ".oxtui-kept"

_PLACE = """set -e
if [ -d "$2" ] && [ ! -h "$2" ]; then echo "$2 is a directory" >&2; exit 1; fi
if [ -e "$2" ] || [ -h "$2" ]; then mv -f -- "$2" "$2$3"; fi
cp --remove-destination --preserve=mode -- "$1" "$2"
cksum <"$2"
"""
_REMOVE = """set -e
if [ -f "$1" ] && [ ! -h "$1" ] && [ "$(cksum <"$1")" = "$2" ]; then
    rm -f -- "$1"
    if [ -e "$1$3" ] || [ -h "$1$3" ]; then mv -f -- "$1$3" "$1"; fi
else
    rm -f -- "$1$3"
fi
"""


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """One of them."""

    path: str
    """On this machine."""
    checksum: str
    """By cksum(1), of what was put there."""


async def place(host: Host, root: Path, source: str, target: str) -> PlacedFile:
    """Puts a copy of a file of this machine into the root.

    Raises:
        StepError: it cannot be copied.
    """
    path = str(in_root(root, target, last=False))
    what = f"{source} cannot be copied into the root"
    checksum = await host.check("/bin/sh", "-c", _PLACE, "sh", source, path, _KEPT, what=what)
    return PlacedFile(path, checksum.strip())


async def place_no_services(host: Host, root: Path) -> PlacedFile | None:
    """Has packages start no service in the root; None where they do not ask."""
    if not in_root(root, NO_SERVICES).parent.is_dir():
        return None
    with tempfile.NamedTemporaryFile(prefix="oxtui-policy-") as file:
        file.write(_NO_SERVICES)
        file.flush()
        Path(file.name).chmod(0o755)
        return await place(host, root, file.name, NO_SERVICES)


async def remove(host: Host, placed: PlacedFile) -> None:
    """Takes it out again.

    Raises:
        StepError: it cannot be removed.
    """
    try:
        await host.check("/bin/sh", "-c", _REMOVE, "sh", placed.path, placed.checksum, _KEPT)
    except StepError as error:
        raise StepError(f"{placed.path} cannot be removed from the root: {error}") from error
