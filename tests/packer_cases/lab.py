"""The lab of the public cases: OpenSSH servers for a user of their own, and the runner that asks there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.shared import shared

PORTS = (22822, 22823)
"""Written into the cases."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the runner told of one case.

    Attributes:
        problems: What is otherwise than the case says, by number of the step; 0 for all of it.
        steps: What each step printed and left, as `expected.txt` has it.
    """

    problems: dict[int, list[str]]
    steps: dict[int, str]


@dataclass(frozen=True, slots=True)
class Lab:
    """The running lab."""

    folder: Path

    def ask(self, case: str) -> Answer:
        """Runs oxtui through all steps of a case."""
        oxtui = Path(sys.executable).parent / "oxtui"
        folders = {
            f"OXTUI_{name}_DIR": str(self.folder / name.lower())
            for name in ("CONFIG", "DATA", "STATE", "CACHE")
        }
        runner = shared("cases/packer/run_cases.py")
        done = subprocess.run(
            [sys.executable, runner, "-v", "--bin", oxtui, shared(f"cases/packer/{case}")],
            env={**os.environ, **folders, "CONF_LAB": str(self.folder)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        text, _, verdict = done.stdout.rpartition("\nFAIL " if done.returncode else "\nok ")
        assert case in verdict, done.stdout + done.stderr
        problems: dict[int, list[str]] = {}
        for number, problem in re.findall(r"^ +step(\d+): (.*)$", verdict, re.MULTILINE):
            problems.setdefault(int(number), []).append(problem)
        return Answer(problems, recorded(text))


def recorded(text: str) -> dict[int, str]:
    """The steps of a record by their numbers."""
    parts = re.split(r"^## step (\d+): ", text, flags=re.MULTILINE)
    return dict(zip(map(int, parts[1::2]), parts[2::2], strict=True))


@contextmanager
def lab() -> Iterator[Lab]:
    """Starts the lab; skips where that would change a machine that is not CI's."""
    if os.environ.get("CI") != "true" or os.geteuid() != 0:
        pytest.skip("the lab adds a user to this machine: it runs as root, with CI=true")
    folder = Path(tempfile.mkdtemp(prefix="packer-lab-", dir="/var/tmp"))
    script = shared("cases/packer/lab.sh")
    environ = {**os.environ, "CONF_LAB": str(folder)}
    try:
        subprocess.run(["bash", script, "start"], env=environ, check=True)
        if subprocess.run(["su", "pkrtest", "-c", "true"], check=False).returncode:
            pytest.skip("nobody can become another user in this container")
        yield Lab(folder)
    finally:
        subprocess.run(["bash", script, "stop"], env=environ, check=False)
        shutil.rmtree(folder, ignore_errors=True)
