"""Memory of the app with a million lines of output on its screen, over the same app without any."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import Any

from tests.bench.terminal import ROOT, Terminal

LINES = 1_000_000
_MIB = 1 << 20


def run(lines: int = LINES) -> dict[str, Any]:
    """MiB over the idle app, after scrolling through a million lines and searching them."""
    idle = _memory(lines=100)
    full = _memory(lines)
    over = (full - idle) / _MIB
    return {
        "unit": "MiB",
        "lines": lines,
        "over_idle": round(over, 1),
        "baseline_idle": round(idle / _MIB, 1),
        "met": {"at_most_20": over <= 20},
    }


def _memory(lines: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(
            [sys.executable, "-m", "tests.bench.log_flood", name, "0", str(lines)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        with Terminal("-m", "tests.bench.log_app", name) as terminal:
            terminal.wait_for(b"3 shell")
            terminal.wait_for(b"Setting up lib")
            for keys in (b"\t", b"\x1b[H", b"\x1b[6~" * 20, b"\x1b[F"):
                terminal.press(keys)
                terminal.drain(0.5)
            terminal.press(b"/")
            terminal.drain(0.5)
            terminal.press(b"libexample9:\r")
            terminal.wait_for(b" of ", b" hit")
            terminal.drain(3.0)
            return terminal.memory()
