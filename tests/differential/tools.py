"""Other readers of templates, where they are: Packer itself, Terraform, HashiCorp's HCL in Python.

None of them may reach the network or keep anything, so each call has a home folder of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Answer:
    """What a program said and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Tool:
    """A program to compare with."""

    path: str
    home: Path

    def __call__(self, *words: str, cwd: Path, stdin: str = "") -> Answer:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "CHECKPOINT_DISABLE": "1",
            "PACKER_NO_COLOR": "1",
            "PACKER_CONFIG_DIR": str(self.home),
            "TF_CLI_CONFIG_FILE": os.devnull,
            "TF_IN_AUTOMATION": "1",
        }
        done = subprocess.run(
            [self.path, *words], cwd=cwd, input=stdin, capture_output=True, encoding="utf-8",
            env=environment, check=False, timeout=60,
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, done.stderr)


def tool(program: str, version: Sequence[str], wanted: str, home: Path) -> Tool:
    """The program; skips the test where it is absent or another version."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed here")
    told = Tool(path, home)(*version, cwd=home)
    if wanted not in told.out:
        pytest.skip(f"{program} is not {wanted} here, on whose answers this test is built")
    return Tool(path, home)
