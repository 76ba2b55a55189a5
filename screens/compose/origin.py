"""The first text of a new template."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.template.hcl.write import Writable
from oxtui.template.new import new_template

if TYPE_CHECKING:
    from oxtui.oxide.models.image import Image

_USERS = {
    "ubuntu": "ubuntu", "debian": "debian", "fedora": "fedora", "rocky": "rocky",
    "alma": "almalinux", "centos": "cloud-user", "rhel": "cloud-user", "alpine": "alpine",
    "arch": "arch", "opensuse": "opensuse", "freebsd": "freebsd", "helios": "oxide",
}  # fmt: skip
"""Default users of cloud images, by the beginning of the operating system's name."""


def from_image(image: Image, project: str) -> str:
    """A template that begins with an image; `project` is a name, empty if none was chosen."""
    options: dict[str, Writable] = {"project": project} if project else {}
    options["boot_disk_image_id"] = image.id
    user = default_user(image.os) or default_user(image.name)
    if user:
        options["ssh_username"] = user
    options["artifact_name"] = f"{_short(image.name)}-{{{{timestamp}}}}"
    return new_template(source_name(image.name), options)


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
