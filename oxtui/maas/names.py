"""What MAAS accepts as the name, architecture and base image of an uploaded image (maas.md part 1).

Names of releases that the MAAS at hand gets from image streams are refused too; only it knows them.
"""

from __future__ import annotations

import re
from typing import Final

CUSTOM: Final = "custom"
SYSTEMS: Final = frozenset(
    [
        "ubuntu",
        "ubuntu-core",
        "bootloader",
        "centos",
        "rhel",
        "custom",
        "windows",
        "suse",
        "esxi",
        "ol",
        "onie",
    ]
)
"""The operating systems that MAAS knows."""
BASES: Final = ("ubuntu", "centos", "rhel", "ol")
"""Those that may be the base of a custom image."""
LONGEST: Final = 255
_ARCHITECTURE = re.compile(r"[a-z0-9]+/[A-Za-z0-9_.-]+")
_FUTURE = re.compile(r"centos\d\d?")
_RELEASE = re.compile(r"[A-Za-z0-9._-]+")


def bare_name(name: str) -> str:
    """The name as MAAS keeps it: without the `custom/` that may stand before it."""
    return name.removeprefix(f"{CUSTOM}/")


def check_name(name: str) -> str:
    """Why MAAS would refuse a name, as a sentence; empty for one that it takes as far as can be told here."""
    bare = bare_name(name)
    system, slash, release = bare.partition("/")
    if not bare or len(name) > LONGEST or any(not "!" <= each <= "~" for each in name):
        return f"A name has 1 to {LONGEST} characters of ASCII and no blanks, such as custom/web."
    if slash and (name != bare or "/" in release or not release):
        return f'"{name}" has too many slashes or nothing behind one; write custom/NAME.'
    if slash and system not in SYSTEMS:
        return (
            f'MAAS knows no operating system "{system}"; write custom/{release}, or one of '
            f"{', '.join(sorted(SYSTEMS - {CUSTOM}))} before the slash."
        )
    if bare in SYSTEMS or _FUTURE.fullmatch(bare):
        return (
            f'MAAS keeps the name "{bare}" for itself; write one of your own, as custom/{bare}-web.'
        )
    return ""


def check_architecture(architecture: str) -> str:
    """Why an architecture has the wrong form, as a sentence; empty for a right one."""
    if _ARCHITECTURE.fullmatch(architecture):
        return ""
    bare = architecture.partition("/")[0] or "amd64"
    return f'"{architecture}" is no architecture of MAAS; write it as {bare}/generic.'


def check_base_image(base_image: str, name: str) -> str:
    """Why a base image would be refused for an image of that name, as a sentence; empty if it would not."""
    if not base_image:
        return ""
    if "/" in bare_name(name):
        return (
            f"{name} is of an operating system that MAAS knows, so it has no base image. "
            "Leave it out, or write custom/NAME."
        )
    system, slash, release = base_image.partition("/")
    if not slash or not _RELEASE.fullmatch(release):
        return (
            f'"{base_image}" is no base image; write OS/RELEASE with the code name of a release, '
            "such as ubuntu/noble."
        )
    if system == "debian":
        return "MAAS installs Debian images from a base of Ubuntu; write one such as ubuntu/noble."
    if system not in BASES:
        return f'"{system}" cannot be a base; MAAS takes {", ".join(BASES)}.'
    return ""
