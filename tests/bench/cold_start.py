"""From exec to the first painted frame in a real terminal, beside the smallest Textual app.

Both run with compiled bytecode, as an installed package has: a first run of each, which does not count,
writes it to a folder of the bench's own.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.smallest_app import TEXT
from tests.bench.terminal import Terminal, own_folders

RUNS = 15
_APPS: dict[str, tuple[str, bytes, *tuple[bytes, ...]]] = {
    # On a busy machine the choice of racks may come before Browse behind it was painted.
    "oxtui": ("oxtui", b"Projects", b"host and token"),
    "smallest": ("tests.bench.smallest_app", TEXT.encode()),
}
"""Module, and what its first frame shows (any of these), by name."""


def run(runs: int = RUNS) -> dict[str, Any]:
    """Milliseconds of oxtui without a rack, as medians of runs that take turns."""
    with tempfile.TemporaryDirectory() as name:
        environment = own_folders(Path(name))
        for found in _APPS.values():
            _first_frame(environment, *found)
        taken = [
            {app: _first_frame(environment, *found) for app, found in _APPS.items()}
            for _ in range(runs)
        ]
    median = {app: statistics.median(turn[app] for turn in taken) for app in _APPS}
    ratio = statistics.median(turn["oxtui"] / turn["smallest"] for turn in taken)
    return {
        "unit": "ms",
        "runs": runs,
        "bytecode": "compiled",
        "first_frame": round(median["oxtui"]),
        "best": round(min(turn["oxtui"] for turn in taken)),
        "baseline_smallest_app": round(median["smallest"]),
        "baseline_best": round(min(turn["smallest"] for turn in taken)),
        "ratio": round(ratio, 2),
        "met": {"ratio_at_most_1.5": ratio <= 1.5},
    }


def _first_frame(environment: dict[str, str], module: str, *marks: bytes) -> float:
    with Terminal("-m", module, environment=environment) as terminal:
        return (terminal.wait_for(*marks) - terminal.started) * 1000
