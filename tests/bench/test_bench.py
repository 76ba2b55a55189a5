"""Each bench gives its figures with a baseline of the same run; how high they are is not asked here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.bench import (
    browse_large,
    build_overhead,
    cached_build,
    cold_start,
    log_latency,
    log_memory,
    output_watch,
    packer_files,
    packer_memory,
    packer_provisioners,
    shell_pane,
    ssh_connect,
    template_edit,
    template_open,
    template_wait,
)
from tests.bench.__main__ import BENCHES
from tests.bench.terminal import ROOT
from tests.packer import PACKER

Run = Callable[[], dict[str, Any]]
SMALL: dict[str, Run] = {
    "browse_large": lambda: browse_large.run(openings=1),
    "build_overhead": lambda: build_overhead.run(builds=1, provisioners=2),
    "cached_build": lambda: cached_build.run(provisioners=2, seconds=0.1),
    "cold_start": lambda: cold_start.run(runs=1),
    "log_latency": lambda: log_latency.run(rates=(0, 1_000), samples=2),
    "log_memory": lambda: log_memory.run(lines=10_000),
    "output_watch": lambda: output_watch.run(runs=1, lines=1_000),
    "packer_files": lambda: packer_files.run(runs=1, size=100_000, files=20),
    "packer_memory": lambda: packer_memory.run(provisioners=2),
    "packer_provisioners": lambda: packer_provisioners.run(
        builds=1, provisioners=2, round_trips=(1,)
    ),
    "shell_pane": lambda: shell_pane.run(samples=2, flood=500_000, keys=2),
    "ssh_connect": lambda: ssh_connect.run(runs=1),
    "template_edit": lambda: template_edit.run(lines=200, edits=3),
    "template_open": lambda: template_open.run(lines=200, repeats=1),
    "template_wait": lambda: template_wait.run(lines=200),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_a_bench_tells_figures_a_baseline_and_what_is_met(name: str) -> None:
    if name in {"packer_memory", "packer_provisioners"} and PACKER is None:
        pytest.skip("packer is not installed")
    result = SMALL[name]()
    assert result["unit"] in {"ms", "MiB"}
    assert any(key.startswith("baseline_") for key in result)
    assert result["met"]
    assert all(isinstance(met, bool) for met in result["met"].values())


def test_without_a_name_the_benches_are_listed_and_all_of_them_are_tried_here() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == list(BENCHES) == list(SMALL)
