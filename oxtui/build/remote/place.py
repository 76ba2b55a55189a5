"""Where the socket of a session lies, and who may speak through it.

A path of a Unix socket has at most 107 bytes (unix(7)), and a session's folder may lie deeper than that. So it
is named by way of the folder's own descriptor, which the kernel lets a process do in /proc/self/fd.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "control"
LONGEST_PATH = 103
"""Bytes that every system takes; macOS takes the fewest."""
_CREDENTIALS = struct.Struct("3i")
"""Process, user and group (socket(7), SO_PEERCRED)."""


def bind(folder: Path) -> socket.socket:
    """A listening socket in a session's folder, for its owner alone; one of a dead process gives way.

    Raises:
        OSError: it cannot be made.
    """
    path = folder / NAME
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _address(folder) as address:
            made.bind(address)
        # Nobody can connect before it listens, and nobody else can look into the folder.
        os.chmod(path, 0o600)
        made.listen()
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def connect(folder: Path) -> socket.socket:
    """A connection to the process that runs the session of that folder.

    Raises:
        OSError: no process listens there.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _address(folder) as address:
            made.connect(address)
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def remove(folder: Path) -> None:
    """The socket is used no more."""
    (folder / NAME).unlink(missing_ok=True)


def peer(connection: socket.socket) -> tuple[int, int] | None:
    """Process and user at the other end; None where the system does not tell."""
    asked = getattr(socket, "SO_PEERCRED", None)
    if asked is None:
        return None
    told = connection.getsockopt(socket.SOL_SOCKET, asked, _CREDENTIALS.size)
    process, user, _ = _CREDENTIALS.unpack(told)
    return process, user


def may_speak(user: int | None) -> bool:
    """Whether that user may steer our session: ourselves, and nobody else.

    Where the system tells no user, the permissions of folder and socket have to do.
    """
    return user is None or user == os.geteuid()


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    path = str(folder / NAME)
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield path
        return
    descriptor = os.open(folder, getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{NAME}"
    finally:
        os.close(descriptor)
