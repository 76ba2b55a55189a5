"""`oxtui console` answers whatever it is asked: somebody at a terminal, a pipe, or a program."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.cli import console_modes, main
from oxtui.cli.time_limit import TooLongError, time_limit
from oxtui.template.console import Console
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.model import Template
from oxtui.template.resolve import Resolved
from tests.cli.running import on_terminal
from tests.repository import ROOT
from tests.shared import shared
from tests.template.hcl.function_cases import MISSING, difference, rows

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

BARE = Console(Resolved(Template(Path()), scope=Scope({}, function_table(Path()))))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a template and values of its variables in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.pkr.hcl").write_text(TEMPLATE)
    (tmp_path / "v.pkrvars.hcl").write_text('name = "file"\n')
    return tmp_path


class Asking:
    """The console with its input and output in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, text: str | bytes, *words: str) -> tuple[int, str, str]:
        """Exit code, output and errors."""
        raw = text if isinstance(text, bytes) else text.encode()
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        code = main(["console", *words])
        out, err = self._capsys.readouterr()
        return code, out, err

    def answers(self, text: str | bytes, *words: str) -> list[dict[str, str]]:
        """What `--json` answers; every line is to have an answer of its own."""
        code, out, _ = self(text, "--json", *words)
        assert code == 0
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asking:
    """The console."""
    return Asking(monkeypatch, capsys)


def test_one_process_answers_every_reference_case_as_packer_would() -> None:
    cases = [row for row in rows() if "\n" not in row["expr"]]
    done = subprocess.run(
        [sys.executable, "-m", "oxtui", "console", "-json"],
        input="".join(f"{row['expr']}\n" for row in cases), encoding="utf-8", timeout=60, check=True,
        stdout=subprocess.PIPE, cwd=shared("cases/hcl/fixtures"),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(cases) > 500
    # Some cases call Terraform's functions, which neither Packer nor the console has.
    wrong = {
        row["id"]: why
        for row, answer in zip(cases, answers, strict=True)
        if (why := difference(row["packer"] if "needs" in row else row["expect"], answer))
    }
    assert set(wrong) == set(MISSING), wrong


def test_every_line_has_an_answer_whatever_it_is(ask: Asking) -> None:
    lines: dict[bytes, tuple[str, str]] = {
        b"": ("syntax", "Missing expression"),
        b"  \t ": ("syntax", "Missing expression"),
        b"exit": ("reference", "Unknown variable"),
        b"1 +": ("syntax", "Missing expression"),
        b"\0": ("syntax", "Invalid character"),
        b'"\xff"': ("syntax", "Invalid character encoding"),
        b'"${': ("syntax", ""),
        b"(" * 5000 + b"1" + b")" * 5000: ("syntax", "Expression nested too deeply"),
        b"[" * 5000: ("syntax", "Expression nested too deeply"),
        b"!" * 5000 + b"1": ("syntax", "Expression nested too deeply"),
        b"var.name": ("reference", "Unknown variable"),
        b"1" * (1 << 20) + b"23": ("syntax", "Expression of more than 1 MiB"),
        b"x" * (5 << 20): ("syntax", "Expression of more than 1 MiB"),
        b'file("gone")': ("call_failed", "Error in function call"),
        b'file("/")': ("call_failed", "Error in function call"),
        b'file("a\\u0000b")': ("call_failed", "Error in function call"),
        b'regex("(", "x")': ("argument", "Invalid function argument"),
        b"setproduct(range(1000), range(1000))": ("call_failed", "Error in function call"),
        b'jsondecode("' + b"[" * 50_000 + b'")': ("call_failed", "Error in function call"),
        b"convert(1, )": ("", ""),
        b"f(": ("syntax", "Missing expression"),
    }
    answers = ask.answers(
        b"\n".join([*lines, b"1e999999999", b"1\r", b"2 // no line break behind"])
    )
    for (line, (code, summary)), answer in zip(lines.items(), answers, strict=False):
        assert answer.keys() == {"error", "summary"}, line[:80]
        assert answer["error"] == (code or answer["error"]), (line[:80], answer)
        assert answer["summary"] == (summary or answer["summary"]), (line[:80], answer)
    assert answers[len(lines) :] == [
        {"special": "+Inf", "type": "number"},
        {"json": "1", "type": "number"},
        {"json": "2", "type": "number"},
    ]


PIECES = st.sampled_from(
    [
        *'"${}[]()<>~-+*/%?:.,=!&|0a \\\t\r\0\x80é',
        "${",
        "%{",
        "for",
        "in",
        "if",
        "1e9",
        "<<E",
        "upper(",
        "...",
    ]
)


@given(
    st.lists(st.binary(max_size=30) | st.lists(PIECES).map(lambda found: "".join(found).encode()))
)
def test_anything_has_an_answer(lines: list[bytes]) -> None:
    questions = [line.replace(b"\n", b" ") for line in lines]
    written = io.StringIO()
    with redirect_stdout(written):
        assert (
            console_modes.answer_all(BARE, io.BytesIO(b"".join(q + b"\n" for q in questions))) == 0
        )
    answers = [json.loads(line) for line in written.getvalue().splitlines()]
    assert len(answers) == len(questions)
    assert all(
        answer.keys() in ({"json", "type"}, {"special", "type"}, {"error", "summary"})
        for answer in answers
    )
    assert all(answer.get("error") != "internal" for answer in answers)


def test_what_nobody_expected_is_answered_and_reported(
    ask: Asking, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the flux is gone")

    with monkeypatch.context() as broken:
        broken.setattr("oxtui.template.console.console.evaluate_text", fail)
        code, out, err = ask("1\n2\n", "--json")
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()] == [
        {"error": "internal", "summary": "Something that nobody expected"}
    ] * 2
    assert (
        "RuntimeError: the flux is gone"
        in next((home / ".local/state/oxtui").iterdir()).read_text()
    )
    assert err.count("oxtui: ") == 2


def test_what_json_cannot_hold_is_special(ask: Asking) -> None:
    assert ask.answers('1/0\n-1/0\n[{a = 1/0}]\nvault("a", "b")\nnull\n"\u2028"\n') == [
        {"special": "+Inf", "type": "number"},
        {"special": "-Inf", "type": "number"},
        {"special": "list with +Inf", "type": "tuple([object({a=number})])"},
        {"special": "unknown", "type": "string"},
        {"json": "null", "type": "any"},
        {"json": '"\\u2028"', "type": "string"},
    ]


def test_what_would_take_for_ever_ends(
    folder: Path, ask: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_modes, "SECONDS", 0.05)
    os.mkfifo(folder / "nobody-writes")
    loop = "[for a in range(1000) : [for b in range(1000) : 1 if a + b < 0]]"
    answers = ask.answers(f'file("nobody-writes")\n{loop}\n1\n')
    assert answers == [
        {"error": "call_failed", "summary": "Evaluation takes too long"},
        {"error": "call_failed", "summary": "Evaluation takes too long"},
        {"json": "1", "type": "number"},
    ]
    code, out, err = ask('file("nobody-writes")\n1\n')
    assert (code, out) == (1, "1\n")
    assert "Error: Evaluation takes too long" in err


async def test_an_answer_comes_before_the_next_question() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "oxtui", "console", "--json", cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    for question, number in (("1 + 1", "2"), ("nope", None), ("2 + 2", "4")):
        process.stdin.write(f"{question}\n".encode())
        answer = json.loads(await process.stdout.readline())
        assert answer.get("json") == number
    process.stdin.close()
    assert await process.wait() == 0


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
    assert "  on <console-input> line 1:\n  1: 1 + true\n         ^^^^\n" in err
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
        if (code, out.strip("\n")) != (int("exit: 1" in record), recorded):
            wrong[step["stdin"]] = out
    # Needs a library that is not a dependency yet, as MISSING says.
    assert set(wrong) == {step["stdin"] for step in steps if "bcrypt(" in step["stdin"]}
    assert compared == {"c08-console-functions": 95, "c09-console-other": 3}[name]


def comparable(step: dict[str, list[str]], recorded: str) -> bool:
    """Whether what Packer 1.6.6 printed is what 1.16 does, and what oxtui does, to the byte."""
    if "t.json" in step["args"] or len(step["args"]) == 1:  # the language of legacy templates
        return False
    return not recorded.startswith(("Error:", "Packer console")) and "<" not in recorded


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


def test_a_limit_of_time_leaves_those_around_it_alone() -> None:
    started = time.monotonic()
    with time_limit(60):
        with pytest.raises(TooLongError), time_limit(0.01):
            time.sleep(60)
        with time_limit(60):
            pass
    assert time.monotonic() - started < 30


def test_the_limit_around_another_still_holds() -> None:
    with pytest.raises(TooLongError), time_limit(0.05):
        wait_within_another_limit()


def wait_within_another_limit() -> None:
    """Longer than the limit around it allows."""
    with time_limit(60):
        pass
    time.sleep(60)
