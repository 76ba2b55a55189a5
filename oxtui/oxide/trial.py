"""An instance that is booted from an image to see whether it works."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from oxtui.oxide.addressing import Addressing
from oxtui.oxide.limits import GIB, NAME_LENGTH
from oxtui.oxide.models.disk import BlocksOfImage, DistributedBackend
from oxtui.oxide.models.image import Image
from oxtui.oxide.models.instance_create import (
    CreateDisk,
    EphemeralIp,
    InstanceCreate,
)

CPUS = 1
MEMORY = 2 * GIB

_ROOM = 5
"""Characters of a name that are kept for a number."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is booted; sizes in bytes."""

    image: Image
    name: str
    disk: int
    addressing: Addressing
    cpus: int = CPUS
    memory: int = MEMORY

    @property
    def body(self) -> InstanceCreate:
        """The instance: an external address, and all SSH keys of the user."""
        about = f"Test of image {self.image.name}, made by oxtui"
        source = BlocksOfImage(image_id=self.image.id)
        return InstanceCreate(
            name=self.name,
            description=about,
            hostname=self.name,
            ncpus=self.cpus,
            memory=self.memory,
            boot_disk=CreateDisk(
                name=self.name,
                description=about,
                size=self.disk,
                disk_backend=DistributedBackend(disk_source=source),
            ),
            network_interfaces=self.addressing.default_interface,
            external_ips=[EphemeralIp(pool_selector=self.addressing.selector)],
        )


def smallest_disk(image: Image) -> int:
    """Bytes of the smallest boot disk: whole GiB."""
    return -(-image.size // GIB) * GIB


def free_name(image: str, taken: Collection[str]) -> str:
    """`test-<image>`, cut to what names may have, with a number if it is taken."""
    base = f"test-{image}"[: NAME_LENGTH - _ROOM].rstrip("-")
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name
