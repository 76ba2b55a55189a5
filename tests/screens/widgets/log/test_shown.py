"""Filters and searches know their lines at once and keep up with a log that grows."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from oxtui.logs.reader import SpoolReader
from oxtui.logs.search import Pattern
from oxtui.logs.spool import Stream
from screens.widgets.log.shown import Scan, ShownLines
from tests.screens.widgets.log.spools import writer


@settings(max_examples=40)
@given(st.lists(st.lists(st.booleans(), max_size=12), max_size=4), st.integers(0, 3), st.booleans())
def test_a_scan_in_pieces_finds_what_looking_at_each_line_finds(
    pieces: list[list[bool]], context: int, inverted: bool
) -> None:
    if inverted:
        context = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s"
        scan = Scan(path, Pattern("x"), inverted=inverted, context=context)
        with writer(path) as spool:
            for piece in pieces:
                spool.write(Stream.STDOUT, b"".join(b"x\n" if hit else b"o\n" for hit in piece))
                scan.run()
    lines = [hit is not inverted for piece in pieces for hit in piece]
    expected = [
        line
        for line in range(len(lines))
        if any(lines[max(0, line - context) : line + context + 1])
    ]
    assert list(scan.lines) == expected
    assert scan.searched == len(lines)


def test_the_view_maps_places_to_lines_and_back(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with writer(path) as spool:
        spool.write(Stream.STDOUT, b"a\nx\nb\nx\n")
    with SpoolReader(path) as reader:
        everything = ShownLines(reader)
        assert (len(everything), everything.number(2), everything.index(2)) == (4, 2, 2)
        scan = Scan(path, Pattern("x"))
        scan.run()
        kept = ShownLines(reader, scan)
        assert (len(kept), kept.number(1), kept.index(2)) == (2, 3, 1)
        assert [kept.shows(number) for number in range(4)] == [False, True, False, True]


def test_hits_before_and_behind_a_line(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with writer(path) as spool:
        spool.write(Stream.STDOUT, b"x\no\nx\n")
    scan = Scan(path, Pattern("x"))
    scan.run()
    assert [scan.after(line) for line in (-1, 0, 2)] == [0, 2, None]
    assert [scan.before(line) for line in (0, 2, 9)] == [None, 0, 2]


def test_a_cancelled_scan_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with writer(path) as spool:
        spool.write(Stream.STDOUT, b"x\n")
    scan = Scan(path, Pattern("x"))
    scan.cancelled.set()
    scan.run()
    assert scan.searched == 0
