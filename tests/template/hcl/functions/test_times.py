"""Times: Go's reference layouts, C's conversions, durations, RFC 3339."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.template.hcl.functions.durations import parse_duration
from oxtui.template.hcl.functions.go_layout import format_go_time
from oxtui.template.hcl.functions.strftime import format_c_time
from oxtui.template.hcl.functions.timestamps import parse_timestamp, write_timestamp

MOMENT = datetime(2009, 2, 4, 21, 7, 5, 12_345, tzinfo=timezone(-timedelta(hours=8)))
NOON = datetime(2024, 12, 31, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("Mon Jan _2 15:04:05 2006", "Wed Feb  4 21:07:05 2009"),
        ("Monday, 02-Jan-06 15:04:05 -0700", "Wednesday, 04-Feb-09 21:07:05 -0800"),
        ("2006-01-02T15:04:05Z07:00", "2009-02-04T21:07:05-08:00"),
        ("3:04PM", "9:07PM"),
        ("3:04pm", "9:07pm"),
        ("Jan _2 15:04:05.000000", "Feb  4 21:07:05.012345"),
        ("05.000", "05.012"),
        ("05.999999", "05.012345"),
        ("05,99", "05,01"),
        ("002 __2", "035  35"),
        ("1/2/06 -07 -07:00:00", "2/4/09 -08 -08:00:00"),
        ("20060102150405", "20090204210705"),
        ("January", "February"),
        ("Month Janet", "Month Janet"),
        ("", ""),
    ],
)
def test_layouts_are_written_as_go_writes_them(layout: str, expected: str) -> None:
    assert format_go_time(MOMENT, layout) == expected


def test_utc_and_noon_have_their_own_signs() -> None:
    assert format_go_time(NOON, "Z07:00 Z0700 MST 03PM .999") == "Z Z UTC 12PM "


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("%Y-%m-%dT%H:%M:%S", "2009-02-04T21:07:05"),
        ("%A %a %B %b %h", "Wednesday Wed February Feb Feb"),
        ("%e|%k|%l|%I|%p|%j", " 4|21| 9|09|PM|035"),
        ("%D %F %R %T %r", "02/04/09 2009-02-04 21:07 21:07:05 09:07:05 PM"),
        ("%c", " 4-Feb-2009 21:07:05"),
        ("%v %X %x", " 4-Feb-2009 21:07:05 02/04/09"),
        ("%C %y %u %w %V %U %W %z %Z", "20 09 3 3 06 05 05 -0800 -0800"),
        ("100%%%n%t", "100%\n\t"),
    ],
)
def test_conversions_are_written_as_packer_writes_them(layout: str, expected: str) -> None:
    assert format_c_time(MOMENT, layout) == expected


@pytest.mark.parametrize("layout", ["%Q", "50%", "%"])
def test_unknown_conversions_are_refused(layout: str) -> None:
    with pytest.raises(ValueError, match="%"):
        format_c_time(MOMENT, layout)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("10s", 10),
        ("1h5m2s", 3902),
        ("-1.5h", -5400),
        ("+500ms", 0.5),
        (".5s", 0.5),
        ("1us", 1e-6),
        ("1µs", 1e-6),
        ("2ns", 2e-9),
        ("1m1m", 120),
    ],
)
def test_durations_are_read_as_go_reads_them(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds * 10**9


@pytest.mark.parametrize(
    "text", ["", "5", "s", "5 m", "1d", "1h-2m", ".s", "9999999999h", "1" * 99 + "s", "--1s"]
)
def test_other_texts_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


@given(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)),
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_timestamps_come_back_as_they_were(moment: datetime, minutes: int) -> None:
    whole = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_timestamp(write_timestamp(whole)) == whole


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-02",
        "2024-01-02 03:04:05Z",
        "2024-01-02t03:04:05z",
        "2024-02-30T00:00:00Z",
        "2024-01-02T24:00:00Z",
        "2024-01-02T03:04:60Z",
        "2024-01-02T03:04:05",
        "2024-01-02T03:04:05+24:00",
        "２024-01-02T03:04:05Z",
    ],
)
def test_only_strict_timestamps_are_read(text: str) -> None:
    with pytest.raises(ValueError, match="not a valid RFC 3339 timestamp"):
        parse_timestamp(text)
