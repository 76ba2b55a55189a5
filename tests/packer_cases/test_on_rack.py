"""The cases' templates of the null builder, run against an instance of the simulated rack.

What their scripts print there is what the cases record of an OpenSSH server, but for the names of user
and home.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from oxtui.component.commands import Keep
from oxtui.component.events import AddressKnown
from tests.packer_cases.records import others, pattern, printed, steps, told
from tests.sessions import bench, template

pytestmark = pytest.mark.slow

CASES = (
    "j06-build-function",
    "s01-shell-inline",
    "s02-shell-env-quoting",
    "s03-shell-env-file",
    "s04-shell-scripts",
    "s14-shell-output",
    "s18-shell-order-two-builds",
)
"""Those that name nothing of the lab but its server."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A running instance, and who may log in."""

    address: str
    port: int
    key: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the cases' templates read."""
        values = {
            "host": self.address, "port": str(self.port), "user": "ubuntu", "key": str(self.key),
        }  # fmt: skip
        told = {f"CONF_SSH_{name.upper()}": value for name, value in values.items()}
        return told | {f"PKR_VAR_ssh_{name}": value for name, value in values.items()}

    def of(self, line: str) -> str:
        """A recorded line with what is called otherwise here."""
        names = {
            "<LAB>/guest": "/home/ubuntu", "pkrtest": "ubuntu",
            "22823": str(self.port), "127.0.0.1": self.address,
        }  # fmt: skip
        return re.sub("|".join(names), lambda found: names[found[0]], line)


@asynccontextmanager
async def instance(folder: Path) -> AsyncIterator[Instance]:
    """One that a build left running."""
    async with bench(folder, "--seed", "demo") as there:
        finished = await there.run(template('provisioner "breakpoint" {}'), lambda stop: Keep())
        assert finished.status == "kept"
        (key,) = folder.glob("sessions/*/builds/*/key")
        known = next(event for event in there.events if isinstance(event, AddressKnown))
        yield Instance(known.address, known.port, key)


async def oxtui(*words: str, folder: Path, environ: dict[str, str]) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of the command."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "oxtui", *words,
        cwd=folder, env=environ, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_a_case_prints_on_an_instance_what_it_prints_on_a_server(tmp_path: Path) -> None:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PKR_VAR_", "PACKER_", "SSH_", "OXIDE_"))
    }
    folders = {f"OXTUI_{name}_DIR": str(tmp_path / name) for name in ("DATA", "STATE", "CACHE")}
    root = Path(__file__).parents[2]
    wrong = []
    async with instance(tmp_path) as there:
        environ = {**kept, **folders, **there.environment, "PYTHONPATH": str(root)}
        for name in CASES:
            work = tmp_path / "cases" / name
            work.parent.mkdir(exist_ok=True)
            for number, step, record in steps(name, work):
                code, out, err = await oxtui(*step["args"], folder=work, environ=environ)
                lines = told(out)
                if code != step.get("exit", 0):
                    wrong.append(f"{name} {number}: exit {code}: {out}{err}")
                for line in printed(record):
                    here = there.of(others(name, number, line))
                    wanted = pattern(here, WORK=str(work))
                    if not any(re.fullmatch(wanted, each) for each in lines):
                        wrong.append(f"{name} {number}: {here!r} is not printed:\n{out}")
    assert not wrong, "\n".join(wrong)
