"""Mode `none`: an instance is a plain folder, and limits itself as far as the system lets it."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from oxtui.rack.guest import kernel, landlock


def enter(root: Path) -> None:
    """Gives up new privileges and, where Landlock is there, every write outside the folder."""
    os.chdir(root)
    tempfile.tempdir = str(root / "tmp")
    if sys.platform == "linux":
        kernel.forbid_new_privileges()
        landlock.confine(root)
