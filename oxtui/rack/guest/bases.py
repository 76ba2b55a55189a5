"""What tells one base image from another: names, versions, the default user of its cloud image."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Base:
    """A base system. `user` is the default user that the distribution's cloud image has."""

    name: str
    identifier: str
    version: str
    codename: str
    pretty: str
    distribution: str
    home_page: str
    user: str
    kernel: str
    cloud_init: str
    groups: tuple[str, ...]

    @property
    def os_release(self) -> str:
        """Contents of /etc/os-release, with the fields that scripts look at."""
        like = "ID_LIKE=debian\n" if self.identifier == "ubuntu" else ""
        return (
            f'PRETTY_NAME="{self.pretty}"\n'
            f'NAME="{self.distribution}"\n'
            f'VERSION_ID="{self.version}"\n'
            f'VERSION="{self.version} ({self.codename})"\n'
            f"VERSION_CODENAME={self.codename}\n"
            f"ID={self.identifier}\n"
            f"{like}"
            f'HOME_URL="{self.home_page}"\n'
        )


_UBUNTU_GROUPS = ("adm", "cdrom", "sudo", "dip", "lxd")
_DEBIAN_GROUPS = ("adm", "audio", "cdrom", "dialout", "dip", "floppy", "plugdev", "sudo", "video")

_FORMAT = 1
"""Raised when the contents of bases change, so that old states get them anew."""


def layer_name(base: str) -> str:
    """Name of the layer that holds a base."""
    return f"{base}.{_FORMAT}"


BASES = {
    base.name: base
    for base in (
        Base(
            name="ubuntu-24.04",
            identifier="ubuntu",
            version="24.04",
            codename="noble",
            pretty="Ubuntu 24.04.3 LTS",
            distribution="Ubuntu",
            home_page="https://www.ubuntu.com/",
            user="ubuntu",
            kernel="6.8.0-85-generic",
            cloud_init="25.1.4-0ubuntu0~24.04.1",
            groups=_UBUNTU_GROUPS,
        ),
        Base(
            name="ubuntu-22.04",
            identifier="ubuntu",
            version="22.04",
            codename="jammy",
            pretty="Ubuntu 22.04.5 LTS",
            distribution="Ubuntu",
            home_page="https://www.ubuntu.com/",
            user="ubuntu",
            kernel="5.15.0-157-generic",
            cloud_init="25.1.4-0ubuntu0~22.04.1",
            groups=_UBUNTU_GROUPS,
        ),
        Base(
            name="debian-12",
            identifier="debian",
            version="12",
            codename="bookworm",
            pretty="Debian GNU/Linux 12 (bookworm)",
            distribution="Debian GNU/Linux",
            home_page="https://www.debian.org/",
            user="debian",
            kernel="6.1.0-40-cloud-amd64",
            cloud_init="22.4.2",
            groups=_DEBIAN_GROUPS,
        ),
    )
}
"""Every base that the rack can install, by name."""
