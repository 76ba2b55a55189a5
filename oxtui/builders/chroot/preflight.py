"""What is needed here before anything is made: rights, programs, the base system, and a free output."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from oxtui.builders.chroot.local_options import LocalChrootOptions
from oxtui.communicators.chroot.environment import outside
from oxtui.communicators.chroot.host import Host
from oxtui.component.errors import StepError

PROGRAMS = ("mount", "umount", "chroot", "setsid")
"""What every chroot build starts."""
_SYS_ADMIN = 21
"""CAP_SYS_ADMIN, which mount(2) needs (capabilities(7))."""
_STATUS = Path("/proc/self/status")
_LOOP_CONTROL = Path("/dev/loop-control")


async def check_rights(host: Host) -> None:
    """Whether mounts can be made.

    Raises:
        StepError: not by this user.
    """
    if not host.is_plain:
        uid = await host.check("id", "-u", what="command_wrapper does not run a command")
        if uid.strip() != "0":
            raise StepError(
                f"command_wrapper runs commands as user {uid.strip()}, and mounts need root. Write one "
                "that gives its rights, such as sudo -n {{.Command}}."
            )
        return
    if os.geteuid() != 0:
        raise StepError(
            "the chroot builder mounts file systems, which needs root. Run oxtui as root, or set "
            'command_wrapper = "sudo -n {{.Command}}".'
        )
    found = re.search(r"^CapEff:\s*([0-9a-f]+)$", _STATUS.read_text(), re.MULTILINE)
    if found and not int(found[1], 16) >> _SYS_ADMIN & 1:
        raise StepError(
            "the chroot builder mounts file systems, and root may not here: CAP_SYS_ADMIN is missing, "
            "as in a container. Give the container that right, or build outside of it."
        )


def check_programs(host: Host, options: LocalChrootOptions) -> None:
    """Whether the programs that the build starts are installed.

    Raises:
        StepError: some are not; all of them are named.
    """
    wanted = list(PROGRAMS)
    if options.source or options.form == "tar.gz":
        wanted.append("tar")
    if options.debootstrap_suite:
        wanted.append("debootstrap")
    if options.disk_size is not None:
        wanted.append("losetup")
        if options.filesystem:
            wanted.append(f"mkfs.{options.filesystem}")
    check_installed(host, wanted)
    if options.disk_size is not None and not _LOOP_CONTROL.exists():
        raise StepError(
            f"there is no {_LOOP_CONTROL}, so no disk image can be attached. Load the loop module, or build "
            "in a directory by leaving disk_size out."
        )


def check_installed(host: Host, wanted: Sequence[str]) -> None:
    """Whether programs are installed.

    Raises:
        StepError: some are not; all of them are named.
    """
    path = outside(host.environ)["PATH"]
    if missing := [name for name in wanted if shutil.which(name, path=path) is None]:
        raise StepError(
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed on this machine. "
            "Install what has it and retry this step."
        )


def check_apart(source: str, *made: str) -> None:
    """Whether nothing that a build makes is within the directory that it copies, and would copy too.

    Raises:
        StepError: something of it is.
    """
    if not os.path.isdir(source):
        return
    whole = os.path.realpath(source)
    for path in made:
        if os.path.commonpath([whole, os.path.realpath(path)]) == whole:
            raise StepError(
                f"source: {path} lies within {source}, which is copied. Write an output and a mount_path "
                "outside of it."
            )


def check_files(source: str, output: str, *, force: bool) -> None:
    """Whether the base system is there, and the output is free.

    Raises:
        StepError: one of them is not so.
    """
    if source:
        try:
            if os.path.isdir(source):
                os.scandir(source).close()
            else:
                with open(source, "rb"):
                    pass
        except OSError as error:
            raise StepError(
                f"source: {source} cannot be read: {_reason(error)}. Correct the path, or make the archive."
            ) from None
    if os.path.isdir(output):
        raise StepError(f"output: {output} is a directory. Write the path of a file.")
    if os.path.lexists(output) and not force:
        raise StepError(
            f"output: {output} is there already. Remove it, choose another path, or build with -force."
        )


def check_room(output: str, size: int) -> str:
    """A warning if the disk could not hold a disk image that is full, else nothing; sizes in bytes."""
    folder = next(each for each in Path(output).absolute().parents if each.is_dir())
    free = shutil.disk_usage(folder).free
    if free >= size:
        return ""
    return f"{folder} has {free / 2**30:.1f} GiB left, and the disk image may grow to {size / 2**30:.1f} GiB"


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
