"""What is in a packed tar of a root file system: read through once, as MAAS's installer will."""

from __future__ import annotations

import io
import lzma
import tarfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

from oxtui.component.errors import StepError
from oxtui.component.threads import Meter, in_thread

NEVER = ("etc/ssh/ssh_host_*", "var/lib/cloud/instance", "var/lib/cloud/instances/*")
"""What tells one machine from others."""
KEY_FILES = ("authorized_keys", "authorized_keys2")
_PROGRAMS = ("usr/bin", "bin", "usr/sbin", "sbin", "usr/local/bin")
_DAMAGED = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError)


@dataclass(slots=True)
class Root:
    """What was found."""

    is_root: bool = False
    programs: set[str] = field(default_factory=set)
    """Of those that MAAS needs."""
    has_hooks: bool = False
    """`/curtin/curtin-hooks`, which set the network up where there is no netplan."""
    unclean: list[str] = field(default_factory=list)
    """What must be in no image, as phrases."""

    @property
    def missing(self) -> Sequence[str]:
        """What MAAS would miss when it installs it, as sentences."""
        found = []
        if not self.is_root:
            found.append("It holds no /etc/passwd, so it is no root file system.")
        if "cloud-init" not in self.programs:
            found.append("It holds no cloud-init, without which MAAS aborts an installation.")
        if "netplan" not in self.programs and not self.has_hooks:
            found.append(
                "It holds neither netplan nor /curtin/curtin-hooks, which set the network up in its place."
            )
        return found


async def read_root(path: Path, progress: Callable[[int, int], None], key: str = "") -> Root:
    """Reads a packed tar through in a thread.

    Args:
        path: the tar.
        progress: told how many of its bytes are read, of how many.
        key: what must be in no authorized_keys.

    Raises:
        StepError: it is damaged.
    """
    try:
        size = path.stat().st_size
        return await in_thread(
            lambda meter: _read(path, key, meter), lambda done: progress(min(done, size), size)
        )
    except _DAMAGED as error:
        raise StepError(f"{path} cannot be read to its end as a packed tar: {error}.") from error


async def check_capture(path: Path, key: str, progress: Callable[[int, int], None]) -> None:
    """Reads what was captured.

    Raises:
        StepError: it is damaged, no root file system, or holds what must be in no image.
    """
    root = await read_root(path, progress, key)
    found = root.unclean if root.is_root else [*root.unclean, "it holds no /etc/passwd"]
    if found:
        raise StepError(
            f"What was captured must not be an image: {'; '.join(found[:3])}. Look at the guest, and retry."
        )


def _read(path: Path, key: str, meter: Meter) -> Root:
    root = Root()
    with path.open("rb") as file, tarfile.open(fileobj=_Metered(file, meter), mode="r|*") as tar:
        for member in tar:
            name = member.name.removeprefix("./").rstrip("/")
            folder, _, last = name.rpartition("/")
            root.is_root = root.is_root or name == "etc/passwd"
            root.has_hooks = root.has_hooks or name == "curtin/curtin-hooks"
            if last in ("cloud-init", "netplan") and folder in _PROGRAMS:
                root.programs.add(last)
            if any(fnmatchcase(name, pattern) for pattern in NEVER):
                root.unclean.append(f"it holds /{name}")
            if name == "etc/machine-id" and member.size:
                root.unclean.append("its /etc/machine-id is not empty")
            if key and member.isreg() and last in KEY_FILES:
                content = tar.extractfile(member)
                if content is not None and key.encode() in content.read():
                    root.unclean.append(f"/{name} holds the build's key")
    return root


class _Metered(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], meter: Meter) -> None:
        super().__init__()
        self._file = file
        self._meter = meter

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self._meter.add(len(data))
        return data
