"""A limit of time ends what waits, and leaves the limits around it alone."""

from __future__ import annotations

import time
from threading import Event

import pytest

from oxtui.cli.time_limit import TooLongError, time_limit


def test_a_limit_of_time_leaves_those_around_it_alone() -> None:
    started = time.monotonic()
    with time_limit(60):
        with pytest.raises(TooLongError), time_limit(0.01):
            Event().wait(60)
        with time_limit(60):
            pass
    assert time.monotonic() - started < 30


def test_the_limit_around_another_still_holds() -> None:
    with pytest.raises(TooLongError), time_limit(0.05):
        wait_within_another_limit()


class Swallowing:
    """What is raised in its destructor is passed over by Python."""

    def __del__(self) -> None:
        Event().wait(0.2)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_limit_that_ends_within_a_destructor_holds_all_the_same() -> None:
    with pytest.raises(TooLongError), time_limit(0.05):
        wait_in_a_destructor_and_then()


def wait_in_a_destructor_and_then() -> None:
    """Longer than any limit, after the first one ended where nobody hears of it."""
    swallowing = Swallowing()
    del swallowing
    Event().wait(60)


def wait_within_another_limit() -> None:
    """Longer than the limit around it allows."""
    with time_limit(60):
        pass
    Event().wait(60)
