"""The first text of a new template."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.builders.outscale.names import clean_omi_name
from oxtui.template.hcl.write import Writable
from oxtui.template.new import new_template

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from oxtui.outscale.models.image import Image as OutscaleImage
    from oxtui.oxide.models.image import Image
    from screens.connection import Connector, Link

_USERS = {
    "ubuntu": "ubuntu", "debian": "debian", "fedora": "fedora", "rocky": "rocky",
    "alma": "almalinux", "centos": "cloud-user", "rhel": "cloud-user", "alpine": "alpine",
    "arch": "arch", "opensuse": "opensuse", "freebsd": "freebsd", "helios": "oxide",
}  # fmt: skip
"""Default users of cloud images, by the beginning of the operating system's name."""

_OUTSCALE = "Outscale"
"""Alias of the account whose official OMIs all have the same user."""
_OUTSCALE_USER = "outscale"
_VM_TYPE = "tinav6.c2r4p2"
"""Two cores, 4 GiB: enough to install things in."""


def from_image(image: Image, project: str) -> str:
    """A template that begins with an image; `project` is a name, empty if none was chosen."""
    options: dict[str, Writable] = {"project": project} if project else {}
    options["boot_disk_image_id"] = image.id
    user = default_user(image.os) or default_user(image.name)
    if user:
        options["ssh_username"] = user
    options["artifact_name"] = f"{_short(image.name)}-{{{{timestamp}}}}"
    return new_template(source_name(image.name), options)


def from_omi(image: OutscaleImage, region: str) -> str:
    """A template that begins with an OMI of a region."""
    options: dict[str, Writable] = {"region": region, "source_omi": image.id}
    options["vm_type"] = _VM_TYPE
    user = _OUTSCALE_USER if image.account_alias == _OUTSCALE else default_user(image.name)
    if user:
        options["ssh_username"] = user
    options["omi_name"] = f"{_short(clean_omi_name(image.name))}-{{{{timestamp}}}}"
    return new_template(source_name(image.name), options, source_type="outscale-bsu")


async def _of_image(link: Link, id_: str, project: str) -> tuple[str, str]:
    image = await link.client.images.view(id_)
    return image.name, from_image(image, project)


async def _of_omi(link: Link, id_: str) -> tuple[str, str]:
    image = await link.client.images.find(id_)
    if image is None:
        raise OSError(0, f"The OMI {id_} is not there any more")
    return image.name, from_omi(image, link.connection.region)


_ORIGINS: dict[str, tuple[str, str, Callable[..., Awaitable[tuple[str, str]]]]] = {
    "image": ("oxide", "a rack", _of_image),
    "omi": ("outscale", "an Outscale account", _of_omi),
}
"""What a template can begin with: of which provider, where that is, and what makes name and text."""


async def begin(connector: Connector, names: tuple[str, ...]) -> tuple[str, str]:
    """Name and text of a template that begins with what a place names.

    `("image", id, project)` is an image of a rack, `("omi", id)` one of an Outscale account.

    Raises:
        OSError: there is no such thing, or nothing is connected that could have it.
        ServiceError: it cannot be read.
    """
    kind, *rest = names
    provider, where, make = _ORIGINS[kind]
    link = connector.link_to(provider)
    if link is None:
        raise OSError(0, f"Connect to {where} first")
    name, text = await make(link, *rest)
    return f"{source_name(name)}.pkr.hcl", text


def blank() -> str:
    """A template in which nothing is chosen yet."""
    return new_template("base", {"project": "", "boot_disk_image_id": "", "ssh_username": ""})


def default_user(system: str) -> str:
    """The user that images of an operating system let in; empty if that is not known."""
    lower = system.lower()
    return next((user for name, user in _USERS.items() if lower.startswith(name)), "")


def source_name(image: str) -> str:
    """A name for a source, after its image."""
    return re.sub(r"[^\w-]", "-", image)


def _short(image: str) -> str:
    return image[:40].rstrip("-")


def free_path(folder: Path, name: str) -> Path:
    """A file of that name that is not there yet, for a proposal."""
    path, number = folder / f"{name}.pkr.hcl", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.pkr.hcl"
    return path
