"""Durations mean what Go and Packer mean by them, and can be written back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.settings import SettingsError, load
from oxtui.settings.kinds import Duration


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
