"""`oxtui console --json` has one line for each line that it is sent, whatever is in it."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.cli import console_modes, main
from oxtui.template.console import Console
from oxtui.template.hcl.evaluate.scope import Scope
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.model import Template
from oxtui.template.resolve import Resolved
from tests.cli.asking import Asking
from tests.repository import ROOT
from tests.shared import shared
from tests.template.hcl.function_cases import MISSING, difference, rows

BARE = Console(Resolved(Template(Path()), scope=Scope({}, function_table(Path()))))


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
    ask: Asking, monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path
) -> None:
    template = tmp_path / "t.pkr.hcl"
    template.write_text('variable "password" {\n  default = "hunter22"\n  sensitive = true\n}\n')

    def fail(*_: object) -> None:
        raise RuntimeError("the flux of hunter22 is gone")

    with monkeypatch.context() as broken:
        broken.setattr("oxtui.template.console.console.evaluate_text", fail)
        code, out, err = ask("1\n2\n", "--json", str(template))
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()] == [
        {"error": "internal", "summary": "Something that nobody expected"}
    ] * 2
    assert (
        "RuntimeError: the flux of <sensitive> is gone"
        in next((home / ".local/state/oxtui").iterdir()).read_text()
    )
    assert err.count("oxtui: ") == 2


def test_what_json_cannot_hold_is_special(ask: Asking, tmp_path: Path) -> None:
    (tmp_path / "t.pkr.hcl").write_text('variable "unset" { type = string }\n')
    lines = '1/0\n-1/0\n[{a = 1/0}]\nvar.unset\nnull\n"\u2028"\n'
    assert ask.answers(lines, str(tmp_path / "t.pkr.hcl")) == [
        {"special": "+Inf", "type": "number"},
        {"special": "-Inf", "type": "number"},
        {"special": "list with +Inf", "type": "tuple([object({a=number})])"},
        {"special": "unknown", "type": "string"},
        {"json": "null", "type": "any"},
        {"json": '"\\u2028"', "type": "string"},
    ]


@pytest.fixture
def uncollected() -> Iterator[None]:
    """No garbage is collected: what is raised meanwhile would be a warning, and so a failure."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_what_would_take_for_ever_ends(
    tmp_path: Path, ask: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console_modes, "SECONDS", 0.05)
    os.mkfifo(tmp_path / "nobody-writes")
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


def test_closed_standard_input_is_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert main(["console", "--json"]) == main(["console"]) == main(["fmt", "-"]) == 0
