"""The base system of a local build: an archive, a directory, or what debootstrap installs."""

from __future__ import annotations

from oxtui.builders.chroot.chroot import Chroot
from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext


async def unpack(chroot: Chroot, context: StepContext, source: str) -> None:
    """Unpacks an archive into the root, with owners by number, modes, and extended attributes.

    Raises:
        StepError: tar failed; its output is in the log.
    """
    context.say(f"Unpacking {source}")
    words = ["tar", "--extract", "--preserve-permissions", "--numeric-owner", "--xattrs"]
    words += ["--xattrs-include=*", "--directory", chroot.path, "--file", source]
    status = await chroot.host.run(words, context.output)
    if status.status != 0:
        raise StepError(
            f"{source} cannot be unpacked: tar ended with {status}. Its output is in the log: the archive "
            "may be damaged, the disk too small, or the program for its compression not installed."
        )


async def copy(chroot: Chroot, context: StepContext, source: str) -> None:
    """Copies a directory into the root, with owners, modes, times, links and extended attributes.

    What is mounted in it is no part of it.

    Raises:
        StepError: cp failed; its output is in the log.
    """
    context.say(f"Copying {source}")
    words = ["cp", "--archive", "--one-file-system", "--", f"{source}/.", chroot.path]
    status = await chroot.host.run(words, context.output)
    if status.status != 0:
        raise StepError(
            f"{source} cannot be copied: cp ended with {status}. Its output is in the log: some of it may not "
            "be read, or the disk is too small."
        )


async def debootstrap(
    chroot: Chroot, context: StepContext, suite: str, mirror: str, options: list[str]
) -> None:
    """Has debootstrap install a release into the root.

    Raises:
        StepError: it failed; its output is in the log.
    """
    context.say(f"Installing {suite}")
    words = ["debootstrap", *options, suite, chroot.path, *([mirror] if mirror else [])]
    status = await chroot.host.run(words, context.output)
    if status.status != 0:
        raise StepError(
            f"debootstrap ended with {status}. Its output is in the log; look whether the mirror can be "
            "reached and has this release."
        )
