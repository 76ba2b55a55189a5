"""The log of calls in a session's state."""

from __future__ import annotations

from dataclasses import replace

from oxtui.build.calls import KEPT_CALLS, CallState, with_call
from oxtui.component.events import ApiCalled, Called, SshCalled

POLL = ApiCalled(
    time=1.0, build="web", operation="instance_serial_console", method="GET",
    path="/v1/instances/i/serial-console?from_start=0", status=200, seconds=0.1,
)  # fmt: skip
RUN = SshCalled(
    time=1.0, build="web", operation="run", place="u@h port 22", text="true", seconds=0.1
)


def log(*calls: Called) -> tuple[CallState, ...]:
    found: tuple[CallState, ...] = ()
    for call in calls:
        found = with_call(found, call)
    return found


def test_a_poll_is_one_entry_with_its_last_answer() -> None:
    later = replace(POLL, time=9.0, path="/v1/instances/i/serial-console?from_start=4711")
    assert log(POLL, RUN, later) == (CallState(later, 1.0, 2), CallState(RUN, 1.0))


def test_a_question_of_an_api_that_has_post_alone_is_one_entry_by_its_body() -> None:
    asked = replace(
        POLL, operation="ReadVms", method="POST", path="/api/v1/ReadVms", curl="curl -d a"
    )
    found = log(asked, asked, replace(asked, curl="curl -d b"))
    assert [each.times for each in found] == [2, 1]


def test_what_differs_is_not_folded() -> None:
    others = (
        replace(POLL, status=503),
        replace(POLL, build="db"),
        replace(POLL, path="/v1/instances/j/serial-console"),
    )
    assert [each.times for each in log(POLL, *others)] == [1, 1, 1, 1]


def test_what_is_done_is_told_each_time() -> None:
    stop = replace(POLL, operation="instance_stop", method="POST")
    assert [each.times for each in log(stop, stop, RUN, RUN)] == [1, 1, 1, 1]


def test_the_newest_are_kept() -> None:
    many = [replace(RUN, time=float(number)) for number in range(KEPT_CALLS + 7)]
    found = log(*many)
    assert (len(found), found[0].first, found[-1].call) == (KEPT_CALLS, 7.0, many[-1])
