"""Help comes at once: it imports nothing that takes long."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from oxtui.cli.commands import COMMANDS

HEAVY = {
    "textual", "httpx", "asyncssh", "hcl2", "lark", "pydantic", "rich", "starlette", "uvicorn", "bcrypt",
    "botocore",
}  # fmt: skip

PROGRAM = """
import sys
from oxtui.cli import main
code = main(sys.argv[1:])
print(code, *sorted(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["--version"],
        *([each.name, "--help"] for each in COMMANDS),
        ["info"],
        ["keys"],
        ["sessions"],
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_imported(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, timeout=60
    )
    code, *modules = done.stderr.split()
    assert code == "0"
    assert HEAVY.isdisjoint(modules)


NO_RACK = """
source "null" "n" {
  communicator = "none"
}
source "file" "f" {
  content = "text"
  target  = "made.txt"
}
build {
  sources = ["null.n", "file.f"]
}
"""


def test_validating_without_a_rack_takes_no_ssh_http_or_screens(tmp_path: Path) -> None:
    template = tmp_path / "t.pkr.hcl"
    template.write_text(NO_RACK, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace('"." not in name', "sys.modules[name]"), "validate", template],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == "The configuration is valid.\n"
    code, *modules = done.stderr.split()
    assert code == "0"
    unneeded = {"asyncssh", "httpx", "textual", "oxtui.build.engine"}
    assert unneeded.isdisjoint(modules), unneeded.intersection(modules)


def test_only_the_chosen_command_is_imported() -> None:
    program = "import sys, oxtui.cli; oxtui.cli.main(['version']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    modules = set(done.stdout.split())
    assert "oxtui.cli.version" in modules
    others = {each.module for each in COMMANDS if each.name != "version"}
    assert others.isdisjoint(modules)
