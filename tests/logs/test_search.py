"""Search finds what is on the screen, tells how far it is and stops when told to."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oxtui.logs.search import SLICE, Pattern, PatternError, search
from oxtui.logs.spool import SpoolReader, SpoolWriter, Stream


def spool(path: Path, data: bytes) -> SpoolReader:
    with SpoolWriter(path) as writer:
        writer.write(Stream.STDOUT, data)
    reader = SpoolReader(path)
    reader.refresh()
    return reader


def hits(reader: SpoolReader, entered: str, first: int = 0, end: int | None = None) -> list[int]:
    found = search(reader, Pattern.parse(entered), first=first, end=end)
    return [hit for progress in found for hit in progress.hits]


LINES = b"Error here\nall good\nan error error\n\nfatal: ERROR 7\ncaf\xc3\xa9\n"


@pytest.mark.parametrize(
    ("entered", "lines"),
    [
        ("error", [0, 2, 4]),
        ("Error", [0]),
        ("café", [5]),
        ("/^an|good$/", [1, 2]),
        ("/Error|\\d/", [0, 4]),
        ("/\\S+ \\W*ERROR/", [4]),
        ("/^$/", [3]),
        ("/caf.$/", [5]),
        ("a.l", []),
        ("/", []),
    ],
)
def test_plain_text_and_regular_expressions(tmp_path: Path, entered: str, lines: list[int]) -> None:
    assert hits(spool(tmp_path / "s", LINES), entered) == lines


def test_a_range_of_lines_is_searched_alone(tmp_path: Path) -> None:
    reader = spool(tmp_path / "s", LINES)
    assert hits(reader, "error", first=1) == [2, 4]
    assert hits(reader, "error", first=1, end=4) == [2]
    assert hits(reader, "error", first=5) == []
    assert hits(reader, "error", first=99) == []


def test_text_is_found_through_colours(tmp_path: Path) -> None:
    reader = spool(tmp_path / "s", b"plain\n\x1b[1;31mE: \x1b[0mUnable to locate\n")
    assert hits(reader, "e: unable") == [1]
    assert hits(reader, "/^E: U/") == [1]
    assert hits(reader, "31m") == []


def test_a_wrong_expression_says_where(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match=r"at character 3: unterminated character set"):
        Pattern.parse("/ab[c/")


def test_hits_are_right_over_many_slices(tmp_path: Path) -> None:
    line = b"x" * 99 + b"\n"
    count = 3 * SLICE // len(line)
    marked = {0, 1, count // 3, count // 2, count - 1}
    data = b"".join(b"needle\n" if number in marked else line for number in range(count))
    reader = spool(tmp_path / "s", data)
    progress = list(search(reader, Pattern("needle")))
    assert [hit for part in progress for hit in part.hits] == sorted(marked)
    assert [part.searched for part in progress] == sorted(part.searched for part in progress)
    assert progress[-1].searched == count
    assert len(progress) >= 3


def test_a_cancelled_search_ends(tmp_path: Path) -> None:
    reader = spool(tmp_path / "s", (b"x" * 99 + b"\n") * (4 * SLICE // 100))
    cancelled = threading.Event()
    running = search(reader, Pattern("y"), cancelled=cancelled)
    next(running)
    cancelled.set()
    assert list(running) == []


@settings(max_examples=60)
@given(st.text("abAé \n", max_size=80), st.text("abAé ", min_size=1, max_size=3), st.booleans())
def test_it_agrees_with_looking_at_each_line(text: str, needle: str, regex: bool) -> None:
    import tempfile

    pattern = Pattern(re.escape(needle) if regex else needle, regex=regex)
    with tempfile.TemporaryDirectory() as folder:
        reader = spool(Path(folder) / "s", text.encode() + b"\n")
        found = [hit for progress in search(reader, pattern) for hit in progress.hits]
        reader.close()
    lines = text.split("\n")
    expected = [i for i, line in enumerate(lines) if pattern.compiled.search(line)]
    assert found == expected
