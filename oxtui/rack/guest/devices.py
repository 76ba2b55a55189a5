"""/dev of an instance that has no mounts: device nodes where they are allowed, else stand-ins.

A stand-in for /dev/null is a file that is emptied whenever something was written to it; those for
the endless devices are named pipes that this process keeps full. What reads /dev/null at the very
moment after a write may still see it.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from oxtui.rack.guest import kernel

_NODES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9),
          "tty": (5, 0)}  # fmt: skip
"""Major and minor numbers, from the kernel's admin-guide/devices.txt."""
_CHUNK = 1 << 16
_ENDLESS: dict[str, Callable[[], bytes]] = {
    "zero": lambda: bytes(_CHUNK),
    "random": lambda: os.urandom(_CHUNK),
    "urandom": lambda: os.urandom(_CHUNK),
}


def make(folder: Path) -> None:
    """Makes the devices in a folder; `StandIns` has to serve what cannot be a device node."""
    for name, (major, minor) in _NODES.items():
        path = folder / name
        path.unlink(missing_ok=True)
        if _make_node(path, os.makedev(major, minor)):
            continue
        if name == "null":
            path.touch()
        elif name in _ENDLESS:
            os.mkfifo(path)
        else:
            continue
        path.chmod(0o666)


def _make_node(path: Path, device: int) -> bool:
    """Whether a node could be made that can also be opened (its file system may forbid it)."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, device)
        path.chmod(0o666)
        os.close(os.open(path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK))
    except PermissionError:
        path.unlink(missing_ok=True)
        return False
    except OSError:
        return True  # /dev/tty without a terminal
    return True


class StandIns:
    """Serves the stand-ins of a folder while the instance runs."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._null = folder / "null"
        self._watch: int | None = None
        self._pipes: list[int] = []
        if self._null.is_file():
            self._watch = kernel.watch_writes(str(self._null))
            self._loop.add_reader(self._watch, self._empty)
        for name, produce in _ENDLESS.items():
            path = folder / name
            if path.is_fifo():
                # Opened for both: without a reader of its own a write would fail.
                descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
                self._pipes.append(descriptor)
                self._loop.add_writer(descriptor, _fill, descriptor, produce)

    def _empty(self) -> None:
        if self._watch is not None:
            os.read(self._watch, 4096)
            with suppress(FileNotFoundError):
                if self._null.stat().st_size:
                    os.truncate(self._null, 0)

    def close(self) -> None:
        """Stops serving."""
        for descriptor in self._pipes:
            self._loop.remove_writer(descriptor)
            os.close(descriptor)
        if self._watch is not None:
            self._loop.remove_reader(self._watch)
            os.close(self._watch)


def _fill(descriptor: int, produce: Callable[[], bytes]) -> None:
    with suppress(BlockingIOError):
        os.write(descriptor, produce())
