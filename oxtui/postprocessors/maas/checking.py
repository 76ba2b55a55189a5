"""Whether what was captured is what it should be: read once more, as MAAS's installer will."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO

from oxtui.component.errors import StepError
from oxtui.component.threads import Meter, in_thread
from oxtui.postprocessors.maas.capture import Captured

NEVER = ("etc/ssh/ssh_host_*", "var/lib/cloud/instance", "var/lib/cloud/instances/*")
"""What tells the build's machine from others."""
KEY_FILES = ("authorized_keys", "authorized_keys2")


async def check_capture(captured: Captured, key: str, progress: Callable[[int, int], None]) -> None:
    """Reads the packed tar through in a thread.

    Args:
        captured: the file.
        key: what must be in no authorized_keys.
        progress: told how many bytes are read, of how many.

    Raises:
        StepError: it is damaged, no root file system, or holds what must be in no image.
    """
    try:
        found = await in_thread(
            lambda meter: _found(captured.path, key, meter),
            lambda done: progress(min(done, captured.size), captured.size),
        )
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise StepError(f"What was captured is damaged: {error}. Retry.") from error
    if found:
        raise StepError(
            f"What was captured must not be an image: {'; '.join(found[:3])}. Look at the guest, and retry."
        )


def _found(path: Path, key: str, meter: Meter) -> list[str]:
    problems, is_root = [], False
    with path.open("rb") as file, tarfile.open(fileobj=_Metered(file, meter), mode="r|gz") as tar:
        for member in tar:
            name = member.name.removeprefix("./").rstrip("/")
            is_root = is_root or name in ("etc/os-release", "etc/passwd")
            if any(fnmatchcase(name, pattern) for pattern in NEVER):
                problems.append(f"it holds /{name}")
            if name == "etc/machine-id" and member.size:
                problems.append("its /etc/machine-id is not empty")
            if key and member.isreg() and name.rpartition("/")[2] in KEY_FILES:
                content = tar.extractfile(member)
                if content is not None and key.encode() in content.read():
                    problems.append(f"/{name} holds the build's key")
    return problems if is_root else [*problems, "it holds no /etc/passwd"]


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
