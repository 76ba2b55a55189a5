"""Spools: what is written by one process is read whole, in order and unmixed by another."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oxtui.logs.index import LONGEST_LINE, RECORD_SIZE, index_path
from oxtui.logs.redact import Redactor
from oxtui.logs.spool import SpoolReader, SpoolWriter, Stream


def clock_from(start: float, step: float = 1.0) -> Callable[[], float]:
    times = iter(range(1_000_000))
    return lambda: start + step * next(times)


def texts(path: Path) -> list[str]:
    with SpoolReader(path) as reader:
        return [line.text for line in reader.read(0, reader.lines, None)]


def test_lines_have_number_time_and_stream(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path / "s", clock=clock_from(1000.25)) as spool:
        spool.write(Stream.STDOUT, b"one\ntwo\n")
        spool.write(Stream.STDERR, b"three\n")
        spool.write(Stream.OURS, b"four\n")
        assert spool.lines == 4
        assert spool.size == 19
    with SpoolReader(tmp_path / "s") as reader:
        lines = reader.read(0, 10)
    assert [(line.number, line.time, line.stream, line.text) for line in lines] == [
        (0, 1000.25, Stream.STDOUT, "one"),
        (1, 1000.25, Stream.STDOUT, "two"),
        (2, 1001.25, Stream.STDERR, "three"),
        (3, 1002.25, Stream.OURS, "four"),
    ]


def test_an_unfinished_line_is_seen_and_then_finished(tmp_path: Path) -> None:
    spool = SpoolWriter(tmp_path / "s")
    reader = SpoolReader(tmp_path / "s")
    spool.write(Stream.STDOUT, b"Password: ")
    assert reader.refresh() == 1
    assert (reader.line(0).text, reader.line(0).unfinished) == ("Password: ", True)
    assert reader.finished_lines == 0
    spool.write(Stream.STDOUT, b"ok\nnext")
    assert reader.refresh() == 2
    assert (reader.line(0).text, reader.line(0).unfinished) == ("Password: ok", False)
    spool.close()
    assert reader.refresh() == reader.finished_lines == 2
    assert reader.line(1).continues
    reader.close()


def test_streams_do_not_mix_within_a_line(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path / "s") as spool, SpoolReader(tmp_path / "s") as reader:
        spool.write(Stream.STDOUT, b"out begins ")
        spool.write(Stream.STDERR, b"error\nsecond er")
        reader.refresh()
        assert [line.text for line in reader.read(0, 9)] == ["error", "out begins ", "second er"]
        spool.write(Stream.STDOUT, b"and ends\n")
        spool.write(Stream.STDERR, b"ror\n")
    assert texts(tmp_path / "s") == ["error", "out begins and ends", "second error"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"1%\r50%\r100%\n", "100%"),
        (b"text\r\n", "text"),
        (b"-\b\\\b|\b/\bdone\n", "done"),
        ("né\b\bo\n".encode(), "o"),
        (b"\r\r\n", ""),
        (b"\b\bab\n", "ab"),
    ],
)
def test_progress_folds_into_its_last_state(tmp_path: Path, written: bytes, shown: str) -> None:
    with SpoolWriter(tmp_path / "s") as spool:
        spool.write(Stream.STDOUT, written)
    assert texts(tmp_path / "s") == [shown]


def test_a_long_line_is_cut_and_says_so(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path / "s") as spool:
        spool.write(Stream.STDOUT, b"x" * 10_000 + b"\n" + "é".encode() * 3000 + b"\n")
    with SpoolReader(tmp_path / "s") as reader:
        assert (len(reader.line(0).text), reader.line(0).truncated) == (4096, 10_000 - 4096)
        assert reader.line(0, limit=None).text == "x" * 10_000
        assert reader.line(1, limit=5).text == "éé"


def test_a_line_without_end_stays_bounded(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path / "s") as spool:
        for _ in range(5):
            spool.write(Stream.STDOUT, b"y" * LONGEST_LINE)
        spool.write(Stream.STDOUT, b"z" * (LONGEST_LINE + 1) + b"\nend\n")
    with SpoolReader(tmp_path / "s") as reader:
        lines = reader.read(0, 99, None)
    assert [len(line.text) for line in lines] == [*[LONGEST_LINE] * 6, 1, 3]
    assert [line.continues for line in lines] == [*[True] * 6, False, False]


def test_progress_without_end_shows_its_last_state(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path / "s") as spool, SpoolReader(tmp_path / "s") as reader:
        for percent in range(101):
            spool.write(Stream.STDOUT, b"downloading%6d%%\r" % percent)
        reader.refresh()
        assert reader.line(0).text == "downloading   100%"


def test_a_spool_that_is_not_there_yet_has_no_lines(tmp_path: Path) -> None:
    reader = SpoolReader(tmp_path / "later" / "s")
    assert reader.refresh() == 0
    assert reader.read(0, 9) == []
    with SpoolWriter(tmp_path / "later" / "s") as spool:
        spool.write(Stream.STDOUT, b"now\n")
        assert reader.refresh() == 1
    reader.close()
    with pytest.raises(IndexError, match="line 1 of 1"):
        reader.line(1)


def test_a_second_attempt_continues_the_spool(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path / "s") as spool:
        spool.write(Stream.STDOUT, b"first\n")
    with SpoolWriter(tmp_path / "s") as spool:
        assert (spool.lines, spool.size) == (1, 6)
        spool.write(Stream.STDOUT, b"second\n")
    assert texts(tmp_path / "s") == ["first", "second"]


def test_after_a_crash_every_whole_and_the_unfinished_line_is_kept(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from oxtui.logs.spool import *\n"
        "spool = SpoolWriter(Path(sys.argv[1]))\n"
        "spool.write(Stream.STDERR, b'whole\\nunfin'); spool.write(Stream.STDOUT, b'out')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, tmp_path / "s"], check=False)
    assert run.returncode == -9
    with (tmp_path / "s").open("ab") as torn, index_path(tmp_path / "s").open("ab") as index:
        torn.write(b"text whose record was never written")
        index.write(b"\0" * (RECORD_SIZE - 1))
    with SpoolReader(tmp_path / "s") as reader:
        assert [line.text for line in reader.read(0, 9)] == ["whole", "unfin", "out"]
    with SpoolWriter(tmp_path / "s") as spool:
        spool.write(Stream.STDOUT, b"again\n")
    assert texts(tmp_path / "s") == ["whole", "unfin", "out", "again"]


def test_secrets_do_not_reach_the_disk(tmp_path: Path) -> None:
    with SpoolWriter(tmp_path / "s", redact=Redactor(["hunter2"])) as spool:
        spool.write(Stream.STDOUT, b"user hun")
        spool.write(Stream.STDERR, b"ter2\n")
        spool.write(Stream.STDOUT, b"ter2 and hunt")
    assert texts(tmp_path / "s") == ["ter2", "user <sensitive> and hunt"]
    assert all(b"hunter2" not in file.read_bytes() for file in tmp_path.iterdir())


def test_spools_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    SpoolWriter(tmp_path / "s").close()
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_a_full_disk_is_an_error_and_keeps_what_was_there() -> None:
    if not os.access("/dev/full", os.W_OK):
        pytest.skip("no /dev/full here")
    script = (
        "import resource, signal, sys, tempfile; from pathlib import Path; from oxtui.logs.spool import *\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "path = Path(tempfile.mkdtemp()) / 's'; spool = SpoolWriter(path)\n"
        "spool.write(Stream.STDOUT, b'kept\\n')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: spool.write(Stream.STDOUT, b'x' * 5000 + b'\\n')\n"
        "except OSError as error: print(type(error).__name__)\n"
        "reader = SpoolReader(path); reader.refresh(); print([l.text for l in reader.read(0, 9)])\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "OSError\n['kept']\n"


def test_another_process_reads_live(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from oxtui.logs.spool import *\n"
        "spool = SpoolWriter(Path(sys.argv[1]))\n"
        "for line in sys.stdin.buffer: spool.write(Stream.STDOUT, line); print('done', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "s"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        reader = SpoolReader(tmp_path / "s")
        for number in range(20):
            writer.stdin.write(b"line %d\n" % number)
            writer.stdin.flush()
            assert writer.stdout.readline() == b"done\n"
            assert reader.refresh() == number + 1
            assert reader.line(number).text == f"line {number}"
        writer.stdin.close()
    reader.close()


def test_a_reader_never_sees_a_line_that_is_not_one_of_the_writers(tmp_path: Path) -> None:
    """While another process writes as fast as it can, every line that is read is whole."""
    script = (
        "import select, sys; from pathlib import Path; from oxtui.logs.spool import *\n"
        "spool, number = SpoolWriter(Path(sys.argv[1])), 0\n"
        "while number % 100 or not select.select([0], [], [], 0)[0]:\n"
        "    spool.write(Stream.STDOUT, b'<%d' % number); spool.write(Stream.STDERR, b'<e>\\n')\n"
        "    spool.write(Stream.STDOUT, b'>\\n')\n"
        "    number += 1\n"
        "spool.close(); print(number)\n"
    )
    command = [sys.executable, "-c", script, tmp_path / "s"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        reader = SpoolReader(tmp_path / "s")
        seen = set()
        while len(seen) < 100:
            assert writer.poll() is None
            seen.add(lines := reader.refresh())
            for line in reader.read(lines - 30, lines):
                assert line.text.startswith("<")
                assert line.unfinished or line.text.endswith(">")
        out, _ = writer.communicate()
    assert reader.refresh() == 2 * int(out)
    reader.close()


chunks = st.lists(
    st.tuples(st.sampled_from(list(Stream)), st.text("ab\n\u00e9", max_size=12)), max_size=30
)


@settings(max_examples=60)
@given(chunks)
def test_each_stream_reads_back_as_it_was_written(chunks: list[tuple[Stream, str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s"
        with SpoolWriter(path) as spool:
            for stream, text in chunks:
                spool.write(stream, text.encode())
        with SpoolReader(path) as reader:
            lines = reader.read(0, reader.lines)
            assert [reader.line(number) for number in range(reader.lines)] == lines
    for stream in Stream:
        written = "".join(text for of, text in chunks if of is stream)
        read = "".join(
            line.text + ("" if line.continues else "\n") for line in lines if line.stream is stream
        )
        assert read == written


def test_a_million_lines_cost_little_memory(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path; from oxtui.logs.spool import *\n"
        "def rss(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "block = b'a line of ordinary length, as builds write them, some 80 characters\\n' * 1000\n"
        "spool = SpoolWriter(Path(sys.argv[1])); spool.write(Stream.STDOUT, block)\n"
        "reader = SpoolReader(Path(sys.argv[1])); reader.refresh(); reader.read(0, 100); before = rss()\n"
        "for _ in range(999): spool.write(Stream.STDOUT, block)\n"
        "lines = reader.refresh(); reader.read(lines - 100, lines); reader.read(500000, 500100)\n"
        "print(lines, rss() - before)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "s"], capture_output=True, text=True, check=True
    )
    lines, kilobytes = map(int, run.stdout.split())
    assert lines == 1_000_000
    assert kilobytes < 20_000
