"""Sizes, ages, counts and states, as operators read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from screens.wording import age, in_sentence, plural, size, state

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (512, "512 B"),
        (4096, "4 KiB"),
        (4 * 2**30, "4 GiB"),
        (int(1.5 * 2**30), "1.5 GiB"),
        (2 * 2**40, "2 TiB"),
    ],
)
def test_sizes_are_in_the_largest_unit_that_fits(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=8), "1 week ago"),
        (timedelta(days=45), "1 month ago"),
        (timedelta(days=800), "2 years ago"),
    ],
)
def test_ages_are_in_one_unit(passed: timedelta, text: str) -> None:
    assert age(NOW - passed, NOW.timestamp()) == text


def test_states_are_glyph_and_word_never_colour_alone() -> None:
    names = ("running", "stopped", "failed", "starting", "import_ready", "a state of a newer rack")
    cells = [state(name) for name in names]
    assert [cell.text for cell in cells] == [
        "● running", "○ stopped", "✗ failed", "◐ starting", "◇ import ready",
        "◐ a state of a newer rack",
    ]  # fmt: skip
    assert [cell.tone for cell in cells] == ["good", "muted", "bad", "busy", "warn", "busy"]


def test_counts_and_titles() -> None:
    assert [plural(1, "disk"), plural(2, "disk"), plural(0, "key")] == [
        "1 disk",
        "2 disks",
        "0 keys",
    ]
    assert [in_sentence(title) for title in ("Images", "VPCs", "IP pools")] == [
        "images", "VPCs", "IP pools",
    ]  # fmt: skip
