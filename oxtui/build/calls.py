"""The log of calls as a session's state holds it: what is asked again and again is one entry."""

from __future__ import annotations

from dataclasses import dataclass, replace

from oxtui.component.events import ApiCalled, Called

KEPT_CALLS = 500
"""Further ones are in the journal."""


@dataclass(frozen=True, slots=True)
class CallState:
    """A call, and how often it was made."""

    call: Called
    """The last time."""
    first: float
    """Unix seconds of the first time."""
    times: int = 1


def with_call(calls: tuple[CallState, ...], call: Called) -> tuple[CallState, ...]:
    """The log with one more call; a poll with the same outcome as before counts as that entry."""
    if _is_poll(call):
        asked = _asked(call)
        for at, old in enumerate(calls):
            if _is_poll(old.call) and _asked(old.call) == asked:
                again = replace(old, call=call, times=old.times + 1)
                return (*calls[:at], again, *calls[at + 1 :])
    return (*calls[-KEPT_CALLS + 1 :], CallState(call, call.time))


def _is_poll(call: Called) -> bool:
    return isinstance(call, ApiCalled) and (call.method == "GET" or _reads(call))


def _reads(call: ApiCalled) -> bool:
    """Whether it is a question of an API that has POST for all that is asked of it, as Outscale's has."""
    return call.method == "POST" and call.operation.startswith("Read")


def _asked(call: Called) -> tuple[object, ...]:
    if not isinstance(call, ApiCalled):
        return (call,)
    if _reads(call):
        return (call.build, call.operation, call.curl, call.status)  # what is asked is in the body
    path = call.path.partition("?")[0]  # from where on a console is read is no other question
    return (call.build, call.operation, path, call.status)
