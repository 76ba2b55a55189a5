"""`oxtui console` answers somebody at a terminal, and who sends lines through a pipe."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.asking import Asking
from tests.cli.running import on, on_terminal
from tests.rack_process import rack
from tests.repository import ROOT
from tests.shared import shared

TEMPLATE = """
variable "name" { default = "web" }
variable "password" {
  sensitive = true
  default   = "hunter22"
}
variable "unset" {}
locals {
  list   = ["x", { k = 1 }]
  double = "${var.name}-${var.name}"
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a template and values of its variables in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.pkr.hcl").write_text(TEMPLATE)
    (tmp_path / "v.pkrvars.hcl").write_text('name = "file"\n')
    return tmp_path


def test_a_pipe_gets_the_value_of_its_last_line(folder: Path, ask: Asking) -> None:
    code, out, err = ask("var.name\nlocal.list\n", "t.pkr.hcl")
    assert (code, out) == (0, '[\n  "x",\n  {\n    "k" = 1\n  },\n]\n')
    assert err.startswith("Error: Unset variable unset\n")
    assert ask("local.double\n\n", "-var", "name=cmd", ".")[:2] == (0, "cmd-cmd\n")
    assert ask("var.name\n", "--var-file=v.pkrvars.hcl", "t.pkr.hcl")[:2] == (0, "file\n")
    assert ask("var.unset\n", "t.pkr.hcl")[:2] == (0, "<unknown>\n")
    assert ask("1\nexit\n2\n")[:2] == (0, "1\n")
    assert ask("")[:2] == (0, "")


def test_an_expression_without_a_value_is_told_and_is_a_failure(ask: Asking) -> None:
    code, out, err = ask("upper(\n1 + true\n3\n")
    assert (code, out) == (1, "3\n")
    assert "  on <console-input> line 1:\n  1: 1 + true\n         ^^^^ <console-input>:1:5\n" in err
    assert ask("3\n1 + true\n")[:2] == (1, "")
    assert ask(b"\xff\n")[:2] == (1, "")
    code, out, err = ask("x" * (2 << 20))
    assert (code, out) == (1, "")
    assert "Error: Expression of more than 1 MiB" in err


def test_help_and_variables(folder: Path, ask: Asking) -> None:
    assert "ctrl+d" in ask("help\n")[1]
    assert ask("variables\n", "-var=unset=1", "t.pkr.hcl") == (
        0,
        '> input-variables:\n\nvar.name: "web"\nvar.password: "<sensitive>"\nvar.unset: "1"\n\n'
        '> local-variables:\n\nlocal.double: "web-web"\n'
        'local.list: "[\\n  \\"x\\",\\n  {\\n    \\"k\\" = 1\\n  },\\n]"\n\n',
        "",
    )


def test_what_is_sensitive_is_never_told(folder: Path, ask: Asking) -> None:
    words = ("-var", "unset=1", "t.pkr.hcl")
    secret = ["var.password", "upper(var.password)", '"a${var.password}"', "{(var.password) = 1}"]
    for each in secret:
        assert ask(f"{each}\n", *words) == (0, "<sensitive>\n", "")
        assert json.loads(ask.answers(f"{each}\n", *words)[0]["json"]) == "<sensitive>"
    assert (
        ask('[var.password, "hunter22"]\n', *words)[1]
        == '[\n  "<sensitive>",\n  "<sensitive>",\n]\n'
    )
    everything = "\n".join(
        [*secret, "regex(var.password, 1)", "var.hunter22", "parseint(var.password, 2)"]
    )
    for code, out, err in (ask(everything, *words), ask(everything, "--json", *words)):
        assert code in (0, 1)
        assert "hunter22" not in (out + err).lower()


def test_a_template_that_cannot_be_read_has_no_console(folder: Path, ask: Asking) -> None:
    (folder / "broken.pkr.hcl").write_text("a = [\n")
    code, out, err = ask("1\n", "broken.pkr.hcl")
    assert (code, out) == (1, "")
    assert "on broken.pkr.hcl line" in err
    assert ask("1\n", "gone.pkr.hcl")[0] == 1


@pytest.mark.parametrize("name", ["c08-console-functions", "c09-console-other"])
def test_the_reference_cases(name: str, ask: Asking, folder: Path) -> None:
    case = shared(f"cases/packer/{name}")
    for path in {*case.iterdir()} - {case / "expected.txt"}:
        shutil.copy(path, folder)
    steps = json.loads((case / "case.json").read_text())["steps"]
    records = (case / "expected.txt").read_text().split("## step ")[1:]
    wrong, compared = {}, 0
    for step, record in zip(steps, records, strict=True):
        recorded = record.split("--- stdout\n")[1].strip("\n")
        if not comparable(step, recorded):
            continue
        compared += 1
        code, out, _ = ask(step["stdin"], *step["args"][1:])
        wanted = re.escape(recorded).replace("<UNIX>", r"\d{10}")
        if code != int("exit: 1" in record) or not re.fullmatch(wanted, out.strip("\n")):
            wrong[step["stdin"]] = out
    assert wrong == {}
    assert compared == {"c08-console-functions": 95, "c09-console-other": 5}[name]


def comparable(step: dict[str, list[str]], recorded: str) -> bool:
    """Whether what Packer 1.6.6 printed is what 1.16 does, and what oxtui does, to the byte."""
    if "t.json" in step["args"] and step["stdin"] == "variables\n":
        return False  # Packer lists one without a name, too
    known = recorded.replace("<UNIX>", "")
    return not known.startswith(("Error:", "Packer console")) and "<" not in known


async def test_on_a_terminal_it_asks(folder: Path) -> None:
    typed = b"upper(var.name)\nnope\n1 +\n\n1 + 2\nexit\n"
    code, screen = await on_terminal(
        "console", "-var=unset=1", str(folder / "t.pkr.hcl"), environ={}, until=b"> ", answer=typed
    )
    assert code == 0
    lines = screen.replace("\r", "").splitlines()
    assert "WEB" in lines
    assert 'There is no variable named "nope" here.' in lines
    assert "3" in lines


async def test_ctrl_d_leaves() -> None:
    code, screen = await on_terminal("console", environ={}, until=b"> ", answer=b"\x04")
    assert code == 0
    assert "Traceback" not in screen


async def test_data_of_the_rack_are_values_too(folder: Path) -> None:
    (folder / "t.pkr.hcl").write_text(
        'data "oxide-image" "base" { name = "ubuntu-24-04" }\n'
        "locals { id = data.oxide-image.base.image_id }\n"
    )
    async with rack() as there:
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "oxtui", "console", "t.pkr.hcl"],
            input='[length(local.id), data.oxide-image.base.image_id == local.id]\n', text=True, timeout=60,
            capture_output=True, env={**os.environ, **on(there), "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "[\n  36,\n  true,\n]\n", "")
