"""An output at a moment of its session reads as it read at that moment."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from oxtui.build.replay.spools import GrownSpools
from oxtui.logs.index import Stream
from oxtui.logs.reader import Line, SpoolReader
from oxtui.logs.spool import SpoolWriter

PIECES = st.lists(
    st.sampled_from([b"one\n", b"two", b" three\n", b"", b"\r50 %\r60 %", b"\n", b"a\nb\nc", b"x\r"]),
    min_size=1, max_size=12,
)  # fmt: skip


def lines_of(path: Path | None) -> list[Line]:
    """Every line, unfinished ones too."""
    if path is None:
        return []
    with SpoolReader(path) as reader:
        return reader.read(0, reader.lines, None)


@settings(max_examples=12, deadline=None)
@given(PIECES, st.lists(st.integers(0, 12), max_size=8))
def test_what_is_shown_at_a_size_is_what_was_there_at_it(
    pieces: list[bytes], visits: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "whole.log"
        clock = iter(range(1000, 2000))
        told, live = [(0, 0)], [list[Line]()]
        with SpoolWriter(path, clock=lambda: float(next(clock))) as writer:
            for piece in pieces:
                writer.write(Stream.STDOUT, piece)
                told.append((writer.lines, writer.size))
                live.append(lines_of(path))
        (folder / "then").mkdir()
        spools = GrownSpools(lambda build, step: path, folder / "then")
        for visit in [*visits, *range(len(told)), *reversed(range(len(told)))]:
            at = visit % len(told)
            shown = lines_of(spools.show("b", "s", *told[at]))
            assert [(x.number, x.text, x.stream, x.unfinished) for x in shown] == [
                (x.number, x.text, x.stream, x.unfinished) for x in live[at]
            ]
        assert lines_of(spools.show("b", "s", None, 0)) == lines_of(path)
        spools.close()


def test_a_path_stays_while_the_output_grows_and_changes_when_it_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "whole.log"
    with SpoolWriter(path) as writer:
        writer.write(Stream.STDERR, b"one\ntwo\nthree\n")
    (tmp_path / "then").mkdir()
    spools = GrownSpools(lambda build, step: path if step == "s" else None, tmp_path / "then")
    first = spools.show("b", "s", 1, 4)
    assert first is not None
    with SpoolReader(first) as reader:
        assert spools.show("b", "s", 3, 14) == first
        assert reader.refresh() == 3
        assert reader.line(2).text == "three"
    again = spools.show("b", "s", 2, 8)
    assert again != first
    assert [line.text for line in lines_of(again)] == ["one", "two"]
    assert spools.show("b", "other", 2, 8) is None
    assert spools.shown() == [("b", "s")]
    spools.close()
