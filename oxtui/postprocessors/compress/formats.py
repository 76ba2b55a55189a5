"""Which format an archive gets, by Packer's rule: from the last two extensions of its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Archive = Literal["", "tar", "zip"]
Compression = Literal["", "gzip", "bgzf", "bzip2", "lz4", "xz"]

_EXTENSION: Final = re.compile(r"\.([a-z0-9]+)")
_COMPRESSIONS: Final[dict[str, Compression]] = {
    "gz": "gzip", "bgzf": "bgzf", "bzip2": "bzip2", "lz4": "lz4", "xz": "xz",
}  # fmt: skip
KNOWN: Final = ("tar", "zip", *_COMPRESSIONS)
"""Extensions that stand for a format; all but `zip` may follow `.tar`."""


@dataclass(frozen=True, slots=True)
class Format:
    """What holds the files, and how that is compressed; one of them is empty at most."""

    archive: Archive
    compression: Compression

    def __str__(self) -> str:
        return " and ".join(filter(None, (self.archive, self.compression)))


DEFAULT: Final = Format("tar", "gzip")
"""Of a name that says nothing."""


def last_extension(name: str) -> str:
    """The last extension of a name, which may be in the middle of it; empty if there is none."""
    found: list[str] = _EXTENSION.findall(name)
    return found[-1] if found else ""


def format_of(output: str, wished: str) -> Format:
    """The format of an archive.

    Args:
        output: its path as it is written, with `{{ }}`: these do not count.
        wished: a format that was given; empty leaves it to the path.
    """
    found = _EXTENSION.findall(f"{output}.{wished}" if wished else output)
    *_, before, last = ["", "", *found]
    if last in ("tar", "zip"):
        return Format("tar" if last == "tar" else "zip", "")
    if last not in _COMPRESSIONS:
        return DEFAULT
    return Format("tar" if before == "tar" else "", _COMPRESSIONS[last])
