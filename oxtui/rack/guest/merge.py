"""Makes one overlay layer out of several, so that stacks stay short.

Overlay's option string is limited to a page and every layer costs a lookup. The marks of the
format (see Documentation/filesystems/overlayfs.rst): a character device 0/0 hides the name below
it; the attribute `opaque` on a folder hides everything below the folder.
"""

from __future__ import annotations

import os
import stat
import subprocess

from oxtui.rack.guest.trees import remove_tree

_OPAQUE = ("trusted.overlay.opaque", "user.overlay.opaque")


def _is_whiteout(status: os.stat_result) -> bool:
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


def _is_opaque(path: str) -> bool:
    for name in _OPAQUE:
        try:
            if os.getxattr(path, name, follow_symlinks=False) == b"y":
                return True
        except OSError:
            continue
    return False


def _copy(source: str, target: str) -> None:
    subprocess.run(
        ["cp", "-a", "--reflink=auto", "-T", "--", source, target],
        check=True,
        capture_output=True,
        text=True,
    )


def merge(sources: list[str], target: str, below: list[str]) -> None:
    """Merges folders of overlay layers, lowest first, into the new folder `target`.

    below: the folders that will lie below the result, the layers' own base and the host's.
    """
    os.mkdir(target)
    for source in sources:
        _merge_into(source, target)
    _prune(target, below)


def _prune(folder: str, below: list[str]) -> None:
    """Removes whiteouts that hide nothing: overlay lists them where a folder has nothing below."""
    for entry in list(os.scandir(folder)):
        status = entry.stat(follow_symlinks=False)
        beneath = [os.path.join(lower, entry.name) for lower in below]
        beneath = [path for path in beneath if os.path.lexists(path)]
        if _is_whiteout(status):
            if not beneath:
                os.unlink(entry.path)
        elif stat.S_ISDIR(status.st_mode):
            _prune(entry.path, [] if _is_opaque(entry.path) else beneath)


def _merge_into(upper: str, lower: str) -> None:
    status = os.lstat(upper)
    below = os.lstat(lower) if os.path.lexists(lower) else None
    both_folders = (
        below is not None and stat.S_ISDIR(status.st_mode) and stat.S_ISDIR(below.st_mode)
    )
    if below is None or not both_folders or _is_opaque(upper):
        if below is not None:
            remove_tree(lower)
        _copy(upper, lower)
        return
    for entry in list(os.scandir(upper)):
        _merge_into(entry.path, os.path.join(lower, entry.name))
    _copy_folder_status(upper, lower, status)


def _copy_folder_status(upper: str, lower: str, status: os.stat_result) -> None:
    os.chown(lower, status.st_uid, status.st_gid)
    os.chmod(lower, stat.S_IMODE(status.st_mode))
    os.utime(lower, ns=(status.st_atime_ns, status.st_mtime_ns))
