"""Racks for tests of the screens: one whose clock stands still, for pictures."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""When all pictures are taken."""

ROOT = Path(__file__).resolve().parents[2]

_START = f"""
import argparse, datetime, sys
from oxtui.rack import serve
serve.now = lambda: datetime.datetime.fromisoformat("{NOW.isoformat()}")
from oxtui.cli import rack
parser = argparse.ArgumentParser()
rack.configure(parser)
sys.exit(rack.run(parser.parse_args(sys.argv[1:])))
"""


@contextlib.contextmanager
def still_rack(*flags: str) -> Iterator[tuple[str, str]]:
    """Host and token of a rack on which it is always `NOW`."""
    command = [
        sys.executable,
        "-c",
        _START,
        "serve",
        "--with-parent",
        "--allow-none",
        "--latency",
        "fast",
        *flags,
    ]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        try:
            told = json.loads(process.stdout.readline())
            yield told["host"], told["token"]
        finally:
            process.terminate()
            process.wait(30)
