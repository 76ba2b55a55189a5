"""Reports are taken out of a shell's output, whatever comes between them and wherever chunks end."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from oxtui.build.recording.stream import LONGEST, ReportFilter

NONCE = "0123abcd"
START = b"\x1b]5713;0123abcd;"

fields = st.lists(st.binary(max_size=40), min_size=1, max_size=4)
outputs = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        [b"\x1b", b"\x1b]", START[:-1], b"\x1b]5713;ffff0000;r;x\x07", b"\x1b]0;t\x07"]
    ),
)


def report(parts: list[bytes]) -> bytes:
    """As a hook prints it."""
    return START + b";".join(_encoded(part) for part in parts) + b"\x07"


def _encoded(part: bytes) -> bytes:
    return b"".join(bytes([byte]) if bytes([byte]).isalnum() else b"%%%02X" % byte for byte in part)


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    """The data in chunks."""
    places = sorted({min(at, len(data)) for at in cuts} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(places)]


@given(st.lists(st.tuples(outputs, fields), max_size=6), outputs, st.lists(st.integers(0, 600)))
def test_any_chunks_give_the_output_and_the_reports(
    parts: list[tuple[bytes, list[bytes]]], last: bytes, cuts: list[int]
) -> None:
    data = b"".join(output + report(each) for output, each in parts) + last
    if START in last or any(START in output for output, _ in parts):
        return
    filter_ = ReportFilter(NONCE)
    shown, reports = b"", []
    for chunk in cut(data, cuts):
        more, found = filter_.feed(chunk)
        shown += more
        reports += found
    shown += filter_.flush()
    assert shown == b"".join(output for output, _ in parts) + last
    assert reports == [each for _, each in parts]
    assert filter_.torn == 0


@given(st.lists(st.one_of(st.binary(max_size=50), st.just(START), st.just(b"\x07"))))
def test_nothing_breaks_it_and_little_is_held(chunks: list[bytes]) -> None:
    filter_ = ReportFilter(NONCE)
    for chunk in chunks:
        filter_.feed(chunk)
        assert len(filter_._held) <= LONGEST + len(chunk)


def test_a_report_of_another_nonce_is_output() -> None:
    forged = b"\x1b]5713;deadbeef;r;rm;0;/;/;1;\x07"
    assert ReportFilter(NONCE).feed(forged) == (forged, [])


def test_a_report_into_which_other_output_came_is_dropped_and_counted() -> None:
    filter_ = ReportFilter(NONCE)
    assert filter_.feed(START + b"r;echo\nbackground\n") == (b"\nbackground\n", [])
    assert filter_.torn == 1


def test_a_report_without_end_holds_nothing_back_for_ever() -> None:
    filter_ = ReportFilter(NONCE)
    filter_.feed(START)
    shown = b""
    for _ in range(3 * LONGEST // 1000):
        more, reports = filter_.feed(b"a" * 1000)
        shown += more
        assert reports == []
    assert filter_.torn == 1
    assert len(shown) > LONGEST
    assert filter_.feed(report([b"r"])) == (b"", [[b"r"]])


def test_a_lone_escape_is_shown_when_the_output_ends() -> None:
    filter_ = ReportFilter(NONCE)
    assert filter_.feed(b"a\x1b") == (b"a", [])
    assert filter_.flush() == b"\x1b"
