"""From a key to the bytes that it changes, in a real terminal, while another process writes output."""

from __future__ import annotations

import contextlib
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.bench.terminal import ROOT, Terminal

RATES = (0, 20_000, 100_000)
"""Lines a second; 0 is the idle app, the baseline."""
SAMPLES = 150
_UP, _END = b"\x1b[A", b"\x1b[F"
_HELD = b"End follows"
"""On the screen once the log no longer follows, which is what the key does."""


def run(rates: Sequence[int] = RATES, samples: int = SAMPLES) -> dict[str, Any]:
    """Milliseconds by rate, and how they compare with the idle app."""
    found = {rate: _measure(rate, samples) for rate in rates}
    idle = found[0]
    loaded = [found[rate] for rate in rates if rate]
    return {
        "unit": "ms",
        "samples": samples,
        **{f"at_{rate}_lines_per_s": found[rate] for rate in rates if rate},
        "baseline_idle": idle,
        "ratio_p95": {rate: round(found[rate]["p95"] / idle["p95"], 2) for rate in rates if rate},
        "met": {
            "p95_at_most_50": all(each["p95"] <= 50 for each in loaded),
            "p99_at_most_100": all(each["p99"] <= 100 for each in loaded),
        },
    }


def _measure(rate: int, samples: int) -> dict[str, float]:
    pauses = random.Random(rate)
    taken = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with flooding(folder, rate), Terminal("-m", "tests.bench.log_app", name) as terminal:
            terminal.wait_for(b"3 shell")
            terminal.wait_for(b"Setting up lib")
            terminal.press(b"\t")  # from the steps to their output
            terminal.drain(1.0)
            for _ in range(samples):
                pressed = terminal.press(_UP)
                taken.append((terminal.wait_for(_HELD) - pressed) * 1000)
                terminal.drain(0.05)
                terminal.press(_END)
                # Keys come at any moment between two frames.
                terminal.drain(0.15 + pauses.random() * 0.1)
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return {name: round(cuts[at - 1], 1) for name, at in (("p50", 50), ("p95", 95), ("p99", 99))}


@contextlib.contextmanager
def flooding(folder: Path, rate: int) -> Iterator[None]:
    """Output that grows as long as the context lasts; with a rate of 0, some that does not."""
    lines = [] if rate else ["5000"]
    command = [sys.executable, "-m", "tests.bench.log_flood", str(folder), str(rate), *lines]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            writer.stdout.readline()
            yield
        finally:
            writer.terminate()
