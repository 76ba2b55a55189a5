"""Where a path of the root is on this machine: links are followed as a process in the root follows them."""

from __future__ import annotations

import os
from pathlib import Path

_MOST_LINKS = 40
"""As the kernel's own limit (path_resolution(7))."""


def in_root(root: Path, path: str, *, last: bool = True) -> Path:
    """The place of `path`, never outside `root`, whatever the links in it say.

    Args:
        root: the directory.
        path: as in the root; what is not there yet may be part of it.
        last: whether the last part is followed too, should it be a link.

    Raises:
        OSError: links lead round in circles.
    """
    left = [part for part in path.split("/") if part not in ("", ".")][::-1]
    found: list[str] = []
    links = 0
    while left:
        part = left.pop()
        if part == "..":
            del found[-1:]
            continue
        place = root.joinpath(*found, part)
        if not (left or last) or not place.is_symlink():
            found.append(part)
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(f"too many levels of symbolic links in {path}")
        target = os.readlink(place)
        if target.startswith("/"):
            found.clear()
        left += [part for part in target.split("/") if part not in ("", ".")][::-1]
    return root.joinpath(*found)
