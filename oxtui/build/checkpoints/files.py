"""What a file or a directory of this machine holds, as a digest."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

MODE = 0o755
"""What counts of a mode: the guest's umask takes the other bits, and ours differs from machine to machine."""


def content_digest(path: Path) -> str:
    """The content of a file; of a directory the names, modes and content of all that is in it.

    The path itself does not count, nor do times and owners. May read much: call it in a thread.

    Raises:
        OSError: something of it cannot be read.
    """
    whole = hashlib.sha256()
    for name, mode, digest in _entries(path, "", frozenset()):
        whole.update(f"{len(os.fsencode(name))} ".encode() + os.fsencode(name))
        whole.update(f" {mode} {digest}\n".encode())
    return whole.hexdigest()


def _entries(path: Path, name: str, above: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Name, mode and digest of a path and all below it, sorted; links count as what they lead to."""
    status = path.stat()
    mode = f"{stat.S_IMODE(status.st_mode) & MODE:o}"
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            yield name, mode, hashlib.file_digest(file, "sha256").hexdigest()
    elif stat.S_ISDIR(status.st_mode):
        real = os.path.realpath(path)
        if real in above:  # a link to a directory that it is in
            yield name, "loop", ""
            return
        yield name, mode, "directory"
        for each in sorted(os.listdir(path), key=os.fsencode):
            inner = path / each
            if inner.is_symlink() and not inner.exists():
                yield f"{name}/{each}", "link", os.readlink(inner)
            else:
                yield from _entries(inner, f"{name}/{each}", above | {real})
    else:  # a socket or a device: transfers leave it out
        yield name, "special", ""
