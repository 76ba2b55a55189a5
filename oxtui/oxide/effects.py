"""What follows from a change of a rack, for whoever asks before it: sentences for an operator.

What is lost and what stays is the API's own behaviour (omicron).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxtui.oxide.models.image import Image


def deleting_images(images: Collection[Image], disks: int = 0) -> list[str]:
    """Of images; `disks` counts the known disks that were made from them."""
    effects = ["No instance can be started from it any more; it cannot be brought back."]
    if any(image.is_silo_image for image in images):
        effects.append("It is a silo image: every project of the silo loses it.")
    if disks:
        count = f"{disks} disk" if disks == 1 else f"{disks} disks"
        effects.append(f"What was made from it goes on working ({count}).")
    return effects


def deleting_instances(kept: Sequence[str], lost: Sequence[str] = ()) -> list[str]:
    """Of instances; `kept` and `lost` name the disks attached to them that stay and that go too."""
    effects = ["Its ephemeral address is given back; floating addresses are kept, detached."]
    if kept or not lost:
        names = f": {', '.join(kept)}." if kept else "."
        effects.append(f"Its disks are detached, not deleted{names}")
    if lost:
        effects.append(f"All data on {', '.join(lost)} is lost.")
    return effects


def deleting_disks(total: str) -> list[str]:
    """Of disks; `total` is their size as people read it."""
    return [
        f"All data on it ({total}) is lost.",
        "Snapshots and images that were made from it stay.",
    ]


def deleting_snapshots(total: str) -> list[str]:
    """Of snapshots; `total` is their size as people read it."""
    return [
        "This state of the disk cannot be brought back.",
        "Images and disks that were made from it stay.",
        f"{total} of the storage quota become free.",
    ]


def deleting_keys() -> list[str]:
    """Of SSH keys."""
    return ["New instances are not given it any more.", "Instances that have it keep it."]


def stopping() -> list[str]:
    """Of a stop."""
    return [
        "Whoever works on it is cut off.",
        "Disks and addresses stay; virtual CPUs and memory are freed.",
    ]
