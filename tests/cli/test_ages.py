"""Spans of time as people say them."""

from __future__ import annotations

import pytest

from oxtui.cli.ages import age


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a second"),
        (1, "1 second"),
        (59.9, "59 seconds"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (7200, "2 hours"),
        (86400 * 8, "8 days"),
    ],
)
def test_an_age_is_whole_units_of_the_largest_kind(seconds: float, text: str) -> None:
    assert age(seconds) == text
