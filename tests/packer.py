"""Debian's packer 1.6.6, to compare with where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PACKER = shutil.which("packer")
needs_packer = pytest.mark.skipif(PACKER is None, reason="packer is not installed")


def packer(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run it, away from the operator's settings and from the network."""
    assert PACKER is not None
    environ = {"PATH": os.environ["PATH"], "HOME": str(cwd), "CHECKPOINT_DISABLE": "1"}
    return subprocess.run(
        [PACKER, *words], cwd=cwd, env=environ, capture_output=True, text=True, check=False
    )
