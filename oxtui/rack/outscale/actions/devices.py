"""Device names and the volumes of block device mappings."""

from __future__ import annotations

import re
from typing import Any

from oxtui.rack.outscale.errors import invalid, missing_parameter, not_simulated

ROOT = "/dev/sda1"
LARGEST = 14_901
"""GiB of the largest volume."""
_OTHER = re.compile(r"/dev/(?:sd|xvd)[b-z][a-z]?")
_TYPES = ("standard", "gp2", "io1")


def check_name(name: str) -> None:
    """Raise OapiError 4019 unless a device may be called so.

    Source: the API's description: the root is /dev/sda1; others are sdX, sdXX, xvdX or xvdXX, whose
    first letter is of b to z.
    """
    if name != ROOT and not _OTHER.fullmatch(name):
        raise invalid("4019", f"{name} is no device: {ROOT}, or one such as /dev/sdb or /dev/xvdbc")


def check_volume(volume_type: str, size: int, iops: int | None) -> None:
    """Raise OapiError 4078, 4047, 4029 or 7000 unless there can be such a volume."""
    if volume_type not in _TYPES:
        raise invalid("4047", f"{volume_type} is no volume type: {', '.join(_TYPES)}")
    if not 1 <= size <= LARGEST:
        raise invalid("4078", f"a volume has 1 to {LARGEST} GiB, not {size}")
    if volume_type == "io1" and iops is None:
        raise missing_parameter("Iops is required for an io1 volume")
    if iops is not None and (volume_type != "io1" or not 1 <= iops <= min(13_000, 300 * size)):
        raise invalid("4029", f"{iops} IOPS cannot be had for {size} GiB of {volume_type}")


def by_name(mappings: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return mappings by their device name; OapiError 4011 or 4019 where they cannot be so."""
    found: dict[str, dict[str, Any]] = {}
    for mapping in mappings:
        name = mapping.get("DeviceName")
        if name is None:
            raise missing_parameter("DeviceName is required in each block device mapping")
        check_name(name)
        if "VirtualDeviceName" in mapping:
            raise not_simulated("ephemeral devices (VirtualDeviceName)")
        if name in found:
            raise invalid("4011", f"{name} is mapped twice")
        found[name] = mapping
    return found
