"""Which files of the guest differ from the image that it was started from.

There is nothing of the source image left to compare with, so this goes by times and by the package manager:
a file differs whose inode changed (`ctime`, which no program can set back) since the instance was made. Of those,
files of packages that dpkg knew before were edited, and files of packages that came since were installed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from oxtui.build.files.guest import GuestShell

Origin = Literal["new", "edited", "installed"]

MOST = 4 * 1024 * 1024
"""Bytes of the list that are read."""
_TEMPORARY = ("/tmp", "/var/tmp")  # noqa: S108 - left out, not written
LEFT_OUT = (
    "/proc", "/sys", "/dev", "/run", *_TEMPORARY, "/var/log", "/var/cache", "/var/lib/dpkg", "/var/lib/apt",
    "/var/lib/cloud",
)  # fmt: skip
"""Directories that change by themselves; other file systems are left out as well."""

_FIND = r"""
find / -maxdepth 0 -newerct @0 >/dev/null || exit 3
{
  echo 'n'; find /var/lib/dpkg/info -name '*.list' -newerct @SINCE -exec cat {} + 2>/dev/null
  echo 'o'; find /var/lib/dpkg/info -name '*.list' ! -newerct @SINCE -exec cat {} + 2>/dev/null
  echo 'f'; find / -xdev \( PRUNE \) -prune -o \( -type f -o -type l \) -newerct @SINCE \
    -printf '%s\t%C@\t%p\n' 2>/dev/null
} | awk '
  /^[nof]$/ { part = $0; next }
  part != "f" { name = $0; sub("^/(bin|sbin|lib|lib32|lib64|libx32)/", "/usr&", name); kind[name] = part; next }
  { tab = index($0, "\t"); rest = substr($0, tab + 1); path = substr(rest, index(rest, "\t") + 1);
    found = kind[path]; print (found == "" ? "x" : found) "\t" $0 }'
"""


@dataclass(frozen=True, slots=True)
class Differing:
    """A file that differs: where, how large in bytes, when it changed by the guest's clock, and whose it is."""

    path: str
    size: int
    changed: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class Differences:
    """The files, and what that is based on, as a sentence."""

    files: Sequence[Differing]
    basis: str
    cut: bool = False


_ORIGINS: dict[str, Origin] = {"x": "new", "n": "installed", "o": "edited"}


async def differing(
    shell: GuestShell, made: float, now: Callable[[], float] = time.time
) -> Differences:
    """Looks for files that changed since the instance was made, `made` in Unix seconds of this machine's clock.

    Raises:
        GuestFileError: it cannot be found out, with the reason.
    """
    asked = now()
    clock = await shell.run("date +%s; test -d /var/lib/dpkg/info && echo dpkg", limit=100)
    told = clock.output.split()
    if not told or not told[0].isdigit():
        raise shell.why_not(clock, "The guest's clock cannot be read")
    # By the guest's clock, which need not be ours.
    since = int(made + int(told[0]) - asked)
    prune = " -o ".join(f"-path {path}" for path in LEFT_OUT)
    program = _FIND.replace("SINCE", str(since)).replace("PRUNE", prune)
    as_root = await shell.has_sudo()
    ran = await shell.run(program, limit=MOST, as_root=as_root)
    if ran.status != 0:
        raise shell.why_not(ran, "What differs cannot be found out, which takes GNU find")
    files = [found for line in ran.output.splitlines() if (found := _found(line)) is not None]
    packages = (
        "which package each is of, by dpkg"
        if b"dpkg" in told
        else "not which package, without dpkg"
    )
    basis = (
        f"Files changed since the instance was made ({time.strftime('%H:%M:%S', time.gmtime(since))} UTC by its "
        f"clock), and {packages}. Not looked at: {', '.join(LEFT_OUT[4:])}, other file systems"
        f"{'' if as_root else ', and what only root may read'}."
    )
    return Differences(files, basis, len(ran.output) >= MOST)


def _found(line: bytes) -> Differing | None:
    parts = line.decode(errors="surrogateescape").split("\t", 3)
    if len(parts) != 4 or not parts[1].isdigit():
        return None  # the rest of a name with a line end in it
    kind, size, changed, path = parts
    return Differing(path, int(size), float(changed), _ORIGINS.get(kind, "new"))
