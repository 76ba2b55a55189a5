"""What is in a directory of the guest."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from oxtui.build.files.guest import GuestFileError, GuestShell

Kind = Literal["file", "directory", "link", "other"]

MOST = 4 * 1024 * 1024
"""Bytes of a listing that are read; what is longer ends there, and says so."""
_FIELDS = 8
_KINDS: dict[str, Kind] = {"f": "file", "d": "directory", "l": "link"}

_LIST = r"""
cd -- {path} 2>/dev/null && [ -r . ] || {{
  ls -- {path}/ >/dev/null; [ ! -d {path} ] || echo 'Permission denied' >&2; exit 1
}}
pwd -P; printf '\0'
if find . -maxdepth 0 -printf '' 2>/dev/null; then
  find . -mindepth 1 -maxdepth 1 -printf '%y\0%m\0%u\0%g\0%s\0%T@\0%f\0%l\0'
else
  for f in * .[!.]* ..?*; do
    t=o; l=
    if [ -L "$f" ]; then t=l; l=$(readlink -- "$f"); elif [ -d "$f" ]; then t=d
    elif [ -f "$f" ]; then t=f; elif [ ! -e "$f" ]; then continue; fi
    set -- $(stat -c '%a %U %G %s %Y' -- "$f")
    printf '%s\0' "$t" "$1" "$2" "$3" "$4" "$5" "$f" "$l"
  done
fi
"""
"""GNU find tells all in one go; elsewhere, as in busybox, each entry is asked for. Why cd fails not every sh tells."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a directory; `modified` in Unix seconds by the guest's clock."""

    name: str
    kind: Kind
    mode: int
    owner: str
    group: str
    size: int
    modified: float
    target: str = ""
    """Of a link."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A directory: its real path and what is in it."""

    path: str
    entries: Sequence[Entry]
    as_root: bool = False
    cut: bool = False
    """There is more than was read."""


async def listed(shell: GuestShell, path: str) -> Listing:
    """Reads a directory; a path that begins with ~ is in the user's home.

    Raises:
        GuestFileError: it cannot be read.
    """
    ran = await shell.run_as_needed(_LIST.format(path=quoted(path)), limit=MOST)
    if ran.status != 0 and not ran.output:
        raise shell.why_not(ran, f"{path} cannot be listed")
    where, _, rest = ran.output.partition(b"\0")
    parts = rest.split(b"\0")
    whole = len(parts) - 1 - (len(parts) - 1) % _FIELDS
    entries = [_entry(parts[at : at + _FIELDS]) for at in range(0, whole, _FIELDS)]
    real = where.decode(errors="surrogateescape").removesuffix("\n")
    return Listing(real, entries, ran.as_root, len(ran.output) >= MOST)


def quoted(path: str) -> str:
    """A path for `sh`, with `~` as the home directory; bytes that are no UTF-8 are told to it as numbers.

    Raises:
        GuestFileError: it has a NUL, which no path can have.
    """
    if "\0" in path:
        raise GuestFileError("A path has no NUL character. Correct it.")
    if path == "~" or path.startswith("~/"):
        return '"$HOME"' + quoted(path[1:]) if path[1:] else '"$HOME"'
    parts = re.split("([\ud800-\udfff]+)", path)
    return "".join(_printed(part) if at % 2 else shlex.quote(part) for at, part in enumerate(parts))


def _printed(part: str) -> str:
    octal = "".join(f"\\{byte:03o}" for byte in part.encode(errors="surrogateescape"))
    return f"\"$(printf '{octal}')\""


def _entry(fields: list[bytes]) -> Entry:
    kind, mode, owner, group, size, modified, name, target = (
        field.decode(errors="surrogateescape") for field in fields
    )
    return Entry(
        name, _KINDS.get(kind, "other"), int(mode or "0", 8), owner, group, int(size or 0),
        float(modified or 0), target,
    )  # fmt: skip
