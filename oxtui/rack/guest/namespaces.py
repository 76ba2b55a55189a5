"""User namespaces: who the ids inside are outside."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from oxtui.rack.guest import kernel
from oxtui.rack.guest.request import Namespace

IDS = 65536
"""How many ids a mapped namespace has: 0 to 65535, what Debian and Ubuntu give to users."""


def enter(namespace: Namespace) -> None:
    """Moves this process, which must have one thread, into the user namespace and makes it root.

    Raises:
        OSError: the kernel or its security module refuses.
        RuntimeError: no range of ids is to be had for `mapped`; the text says why.
    """
    if namespace == "host":
        return
    uid, gid = os.geteuid(), os.getegid()
    if namespace == "single":
        kernel.unshare(kernel.CLONE_NEWUSER)
        _map_self(uid, gid)
    else:
        _enter_mapped(uid, gid)
    os.setgid(0)
    os.setuid(0)
    if namespace == "mapped":
        os.setgroups([])


def _map_self(uid: int, gid: int) -> None:
    # Without setgroups denied, the kernel lets no plain user write a map of groups.
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1")


def _enter_mapped(uid: int, gid: int) -> None:
    """A range of ids is mapped from outside: a child that stays there does it."""
    uid_map, gid_map = _map(uid, gid)
    ready_read, ready_write = os.pipe()
    parent = os.getpid()
    mapper = os.fork()
    if mapper == 0:
        status = 1
        try:
            os.close(ready_write)
            if os.read(ready_read, 1):
                _write_map("uid", parent, uid_map, privileged=uid == 0)
                _write_map("gid", parent, gid_map, privileged=uid == 0)
                status = 0
        finally:
            os._exit(status)
    os.close(ready_read)
    try:
        kernel.unshare(kernel.CLONE_NEWUSER)
        os.write(ready_write, b".")
    finally:
        os.close(ready_write)
        _, status = os.waitpid(mapper, 0)
    if status:
        raise RuntimeError("the map of ids was refused (newuidmap, newgidmap)")


def _map(uid: int, gid: int) -> tuple[list[int], list[int]]:
    if uid == 0:
        return [0, 0, IDS], [0, 0, IDS]
    for program in ("newuidmap", "newgidmap"):
        if shutil.which(program) is None:
            raise RuntimeError(f"{program} is not installed")
    name = pwd.getpwuid(uid).pw_name
    return (
        [0, uid, 1, 1, *_range("/etc/subuid", name, uid)],
        [0, gid, 1, 1, *_range("/etc/subgid", name, uid)],
    )


def _range(file: str, name: str, uid: int) -> tuple[int, int]:
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        owner, _, rest = line.partition(":")
        start, _, count = rest.partition(":")
        usable = start.isdigit() and count.isdigit() and int(count) >= IDS - 1
        if usable and owner in {name, str(uid)}:
            return int(start), IDS - 1
    raise RuntimeError(f"{file} gives user {name} no range of {IDS - 1} ids")


def _write_map(kind: str, process: int, numbers: list[int], *, privileged: bool) -> None:
    if privileged:
        Path(f"/proc/{process}/{kind}_map").write_text(" ".join(map(str, numbers)))
    else:
        command = [f"new{kind}map", str(process), *map(str, numbers)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
