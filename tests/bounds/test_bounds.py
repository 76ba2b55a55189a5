"""No template makes the reader hang, exhaust memory, recurse to death or raise: it ends, and tells why.

Each is read in a process of its own, whose memory and time of the processor the kernel bounds.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.bounds.hostile import DEEP, LARGE, LONG, WRONG
from tests.repository import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def told(name: str) -> set[str]:
    """Summaries of what is told of a template, but for that it has no build block."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bounds.reading", name],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), name
    return set(done.stdout.splitlines()) - {"Missing build block"}


@pytest.mark.parametrize("name", [*DEEP, *LARGE, *WRONG])
def test_a_hostile_template_is_told_about(name: str) -> None:
    assert told(name) != set()


@pytest.mark.parametrize("name", LONG)
def test_what_is_long_but_right_is_evaluated(name: str) -> None:
    assert told(name) == set()
