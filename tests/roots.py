"""Roots for tests: a small userland copied from this machine, and whether it can be mounted and entered here."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

_PROGRAMS = """
    cat chmod cksum cp cut dd env find grep head id kill ln ls mkdir mount mv nohup printf ps pwd readlink
    rm rmdir seq setsid sh sleep sort stat stty tar test touch tty umount uname wc
"""
_LINKS = ("bin", "sbin", "lib", "lib32", "lib64")


@functools.cache
def why_not() -> str:
    """Why nothing can be mounted here; empty where it can."""
    if os.geteuid() != 0:
        return "mounts are for root"
    if missing := [name for name in ("losetup", "mkfs.ext4", "flock") if not shutil.which(name)]:
        return f"{', '.join(missing)} is not installed"
    if not Path("/dev/loop-control").exists():
        return "there are no loop devices here"
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder, "image")
        image.write_bytes(bytes(1 << 20))
        tried = subprocess.run(
            ["losetup", "--find", "--show", str(image)], capture_output=True, text=True, check=False
        )
        if tried.returncode:
            return f"no loop device can be attached: {tried.stderr.strip()}"
        subprocess.run(["losetup", "--detach", tried.stdout.strip()], check=True)
        if subprocess.run(["mount", "-t", "tmpfs", "none", folder], check=False).returncode:
            return "root may not mount here"
        subprocess.run(["umount", folder], check=True)
    return ""


def needs_mounts() -> pytest.MarkDecorator:
    """Skips where mounts or loop devices cannot be had, and says why."""
    return pytest.mark.skipif(bool(why_not()), reason=why_not() or "can be had")


def copy_root(root: Path) -> None:
    """A root with a shell and some programs, and nothing else."""
    root.mkdir(parents=True)
    for name in _LINKS:
        place = Path("/", name)
        if place.is_symlink():
            (root / name).symlink_to(os.readlink(place))
    found = [path for name in _PROGRAMS.split() if (path := shutil.which(name))]
    listed = subprocess.run(["ldd", *found], capture_output=True, text=True, check=False).stdout
    libraries = set(re.findall(r"(/\S+)(?= \(0x)", listed))
    for name in sorted({*found, *libraries}):
        # By the folder's real name, and by the program's own: sh is a link, and so are libraries.
        target = root / str(Path(name).parent.resolve() / Path(name).name).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(Path(name).resolve(), target)
    for name in ("dev", "etc", "proc", "root", "sys", "tmp", "usr/sbin"):
        (root / name).mkdir(parents=True, exist_ok=True)


def mounted_in(folder: Path) -> list[str]:
    """What is mounted in a folder."""
    lines = Path("/proc/mounts").read_text().splitlines()
    return [line.split()[1] for line in lines if line.split()[1].startswith(f"{folder}/")]


def mounts(folder: Path) -> list[str]:
    """All mounts of this machine, but for those in folders of others for what comes and goes meanwhile."""
    lines = Path("/proc/self/mounts").read_text().splitlines()
    passing = f"{tempfile.gettempdir()}/"
    return [
        line
        for line in lines
        if f"{folder}/" in line or not (passing in line or "/pytest-of-" in line)
    ]


def unmount_stale() -> None:
    """Unmounts what runs of tests left mounted that were killed: pytest removes their folders some runs later.

    With them it would remove what is mounted there, such as this machine's /dev. A run that is not over has a
    lock in its folder.
    """
    if os.geteuid() != 0:
        return
    places = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for place in reversed(places):
        run = re.match(r"/.*/pytest-of-[^/]+/pytest-\d+", place)
        if run is not None and not Path(run[0], ".lock").exists():
            subprocess.run(["umount", "--lazy", place], check=False)


def attached_in(folder: Path) -> list[str]:
    """Files of a folder that are behind loop devices."""
    files = (
        path.read_text().strip() for path in Path("/sys/block").glob("loop*/loop/backing_file")
    )
    return [name for name in files if name.startswith(f"{folder}/")]


def rooted_in(folder: Path) -> list[str]:
    """Processes whose root directory is in a folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            root, state = os.readlink(each / "root"), (each / "stat").read_text()
        except OSError:
            continue
        if root.startswith(f"{folder}/") and state.rpartition(")")[2].split()[0] != "Z":
            found.append(each.name)
    return found
