"""Lines of an attempt that look like errors."""

from __future__ import annotations

from pathlib import Path

from oxtui.build.error_lines import SHOWN, last_errors, written_lines
from oxtui.component.events import LogLine
from oxtui.logs.index import Stream
from oxtui.logs.redact import Redactor
from oxtui.logs.spool import SpoolWriter


def spool(path: Path, *parts: tuple[Stream, str]) -> Path:
    """A log of those lines, behind what it has already."""
    writer = SpoolWriter(path, redact=Redactor(), clock=lambda: 0.0)
    for stream, text in parts:
        writer.write(stream, f"{text}\n".encode())
    writer.close()
    return path


def test_the_last_ones_of_the_attempt_with_their_numbers(tmp_path: Path) -> None:
    log = spool(tmp_path / "log", (Stream.STDERR, "E: of the first attempt"))
    first = written_lines(log)
    spool(
        log,
        (Stream.OURS, "E: of our own"),
        *((Stream.STDERR, f"E: {number}") for number in range(7)),
        (Stream.STDOUT, "done"),
        (Stream.STDERR, "cat: x: No such file or directory"),
    )
    found = last_errors(log, first)
    assert len(found) == SHOWN
    assert found[0] == LogLine(number=6, text="E: 3")
    assert found[-1] == LogLine(number=11, text="cat: x: No such file or directory")
    assert [line.text for line in last_errors(log, 0)] == [line.text for line in found]


def test_those_of_an_earlier_attempt_are_not_told(tmp_path: Path) -> None:
    log = spool(tmp_path / "log", (Stream.STDERR, "E: of the first attempt"))
    first = written_lines(log)
    assert last_errors(spool(log, (Stream.STDOUT, "fine")), first) == ()


def test_far_behind_other_lines_they_are_still_found(tmp_path: Path) -> None:
    fine = ((Stream.STDOUT, str(number)) for number in range(5000))
    log = spool(tmp_path / "log", (Stream.STDERR, "E: long ago"), *fine)
    assert last_errors(log, 0) == (LogLine(number=1, text="E: long ago"),)


def test_without_a_log_there_are_none() -> None:
    assert (written_lines(None), last_errors(None, 0)) == (0, ())
