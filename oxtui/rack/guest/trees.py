"""Deleting folder trees, also those whose folders forbid it."""

from __future__ import annotations

import os
import shutil
import stat


def remove_tree(path: str) -> None:
    """Deletes a tree with folders that forbid it to their owner (overlay's work folder)."""
    if not os.path.lexists(path):
        return
    if os.path.isdir(path) and not os.path.islink(path):
        for parent, folders, _ in os.walk(path):
            for name in folders:
                folder = os.path.join(parent, name)
                mode = os.lstat(folder).st_mode
                if stat.S_ISDIR(mode) and mode & 0o700 != 0o700:
                    os.chmod(folder, 0o700)
        shutil.rmtree(path)
    else:
        os.unlink(path)
