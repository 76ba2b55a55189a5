"""Durations mean what Go and Packer mean by them; they, counts and sizes can be written back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.settings import SettingsError, load
from oxtui.settings.kinds import Count, Duration, Kind, Size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("1h30m", 5400), ("1.5m", 90), ("500ms", 0.5), ("1m500ms", 60.5), ("0s", 0)],
)
def test_a_duration_is_read_in_seconds(text: str, seconds: float) -> None:
    assert Duration().read(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "m", "10 m", "-1s", "1d", "1s extra", "\u0661s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match='expected a duration such as "90s"'):
        load({}, {"waits.ssh": text})


@given(st.integers(0, 10**9))
def test_a_duration_written_is_read_back(milliseconds: int) -> None:
    duration = Duration()
    written = duration.write(milliseconds / 1000)
    assert round(duration.read(written.strip('"')) * 1000) == milliseconds


@pytest.mark.parametrize(
    ("kind", "value", "read", "written"),
    [
        (Count(), 0, 0, "0"),
        (Count(), 12, 12, "12"),
        (Size(), "200 GiB", 200 * 2**30, '"200 GiB"'),
        (Size(), "1024GiB", 2**40, '"1 TiB"'),
        (Size(), "1536 MiB", 1536 * 2**20, '"1536 MiB"'),
        (Size(), "0 MiB", 0, '"0 TiB"'),
    ],
)
def test_counts_and_sizes_are_read_and_written(
    kind: Kind[int], value: object, read: int, written: str
) -> None:
    assert kind.read(value) == read
    assert kind.read_text(str(value)) == read
    assert kind.write(read) == written


@pytest.mark.parametrize("value", [True, -1, 1.5, "ten", None])
def test_what_is_no_count_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Count().read(value)


@pytest.mark.parametrize("value", [200, "200", "200 GB", "-1 GiB", "1.5 GiB"])
def test_a_size_without_a_unit_of_ours_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Size().read(value)


@pytest.mark.parametrize("text", ["-1", "1.5", "ten", "", "²"])
def test_a_count_as_text_is_digits(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Count().read_text(text)
