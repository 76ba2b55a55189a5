"""Lines of packer: cut anywhere, with and without time, about a build or about none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxtui.build.packer.lines import LONGEST_UNFINISHED, LineReader, Names, Progress, Told, progress
from oxtui.build.packer.recognise import question

NAMES = Names({"null.a": "null.a", "null.a.b": "null.a.b", "bb": "null.bb", "null.bb": "null.bb"})
TIME = "2026-11-30T06:47:40+01:00: "


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"{TIME}==> null.a: Running", Told("null.a", True, "Running")),
        (f"{TIME}    null.a: out: put", Told("null.a", False, "out: put")),
        ("==> null.a.b: longer name", Told("null.a.b", True, "longer name")),
        ("==> null.a:", Told("null.a", True, "")),
        ("==> bb: of a legacy template", Told("null.bb", True, "of a legacy template")),
        ("    null.a (shell-local): after", Told("null.a", False, "after")),
        ("\x1b[1A\r    null.a: f 1 B / 2 B [=>-]", Told("null.a", False, "f 1 B / 2 B [=>-]")),
        ("==> other.name: text", Told("", False, "==> other.name: text")),
        ("==> Wait completed after 1 second", Told("", False, "==> Wait completed after 1 second")),
        ("null.a: no mark", Told("", False, "null.a: no mark")),
    ],
)
def test_a_line_is_about_the_build_that_it_names(line: str, told: Told) -> None:
    assert NAMES.read(line) == told


@pytest.mark.parametrize(
    ("line", "ended"),
    [
        (f"{TIME}Build 'null.a' finished after 1 second.", ("null.a", None)),
        ("Build 'bb' finished.", ("null.bb", None)),
        ("Build 'null.a' errored after 2 minutes 1 second: a: b", ("null.a", "a: b")),
        ("Build 'null.a' errored: why", ("null.a", "why")),
        ("Build 'null.a' prepare failure: why", ("null.a", "why")),
        ("Build 'other' finished.", None),
        ("==> null.a: Build 'null.a' finished.", None),
    ],
)
def test_the_end_of_a_build_is_told(line: str, ended: tuple[str, str | None] | None) -> None:
    assert NAMES.ended(line) == ended


def test_lines_are_the_same_wherever_the_terminal_cuts_them() -> None:
    path = Path(__file__).parent / "transcripts" / "ssh.json"
    pieces = json.loads(path.read_text())["written"]
    whole = (
        "".join(piece for piece in pieces if isinstance(piece, str)).encode() + "ä\r\nrest".encode()
    )
    at_once = LineReader()
    lines = list(at_once.feed(whole))
    bytewise = LineReader()
    assert [line for at in range(len(whole)) for line in bytewise.feed(whole[at : at + 1])] == lines
    assert lines[-1] == "ä"
    assert bytewise.pending == at_once.pending == "rest"


def test_a_line_without_an_end_does_not_grow_for_ever() -> None:
    reader = LineReader()
    assert not list(reader.feed(b"x" * LONGEST_UNFINISHED))
    assert len(list(reader.feed(b"x"))) == 1
    assert reader.pending == ""


@pytest.mark.parametrize(
    ("text", "bar"),
    [
        ("play.yml 13 B / 13 B [==] 100.00% 0s", Progress("play.yml", 13, 13)),
        ("a b.iso 1.50 MiB / 2 GiB [=>-] 0.1%", Progress("a b.iso", 1.5 * 1024**2, 2 * 1024**3)),
        ("copied 3 B / 4 B", None),
    ],
)
def test_progress_bars_are_read(text: str, bar: Progress | None) -> None:
    assert progress(text) == bar


@pytest.mark.parametrize(
    ("pending", "asked"),
    [
        ("==> null.a: Press enter to continue. ", "continue"),
        (
            "==> a: [c] Clean up and exit, [a] abort without cleanup, or [r] retry step (…)? ",
            "failure",
        ),
        ("==> null.a: Reading package lists... ", None),
        ("==> null.a: [c] Clean up and exit, ", None),
    ],
)
def test_only_packers_own_questions_are_questions(pending: str, asked: str | None) -> None:
    assert question(pending) == asked
