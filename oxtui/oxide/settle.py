"""Changes that must not happen twice: after a lost answer the rack is looked at first.

The rack finishes a create or delete even when its client has gone, so a lost answer says nothing
about the outcome. Names are unique, which makes looking an object up by name a safe test.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from oxtui.oxide.errors import (
    ApiError,
    OutcomeUnknown,
    OxideError,
    ServerError,
    ServiceUnavailable,
    TransportError,
    UnreadableReply,
)
from oxtui.oxide.timing import Timing

ResultT = TypeVar("ResultT")

_REFUSED_FOR_NOW = 503
"""The rack's own word that it did nothing; 502 and 504 are a gateway's and say nothing."""


def _always(_: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Change(Generic[ResultT]):
    """A change and how to find out whether it happened.

    Attributes:
        action: What an operator calls it, such as `create disk "web"`.
        send: Asks for it; the argument counts the attempts from 1.
        look: The result, if the rack shows that it happened; else None.
        settled: False while the rack still works on it.
        patience: Seconds to wait until it is settled.
        repeatable: False when doing it twice is worse than not knowing.
    """

    action: str
    send: Callable[[int], Awaitable[ResultT]]
    look: Callable[[], Awaitable[ResultT | None]]
    settled: Callable[[ResultT], bool] = _always
    patience: float = 0
    repeatable: bool = True


async def settle(change: Change[ResultT], timing: Timing) -> ResultT:
    """The result of a change, asked for again only when it certainly or very likely did not happen.

    A request that never left is repeated; after a 503 or a lost answer the rack is looked at, and
    only if it shows nothing the request is repeated: after a lost answer once.

    Raises:
        ApiError: The rack refused or failed.
        TransportError: The request never reached the rack.
        OutcomeUnknown: It may or may not have happened.
    """
    pauses = iter(timing.pauses)
    attempt, lost, perhaps_done = 0, 0, False
    while True:
        attempt += 1
        try:
            return await change.send(attempt)
        except (TransportError, ServiceUnavailable, UnreadableReply) as error:
            failure: OxideError = error
        except ApiError:
            if perhaps_done and (found := await change.look()) is not None:
                return found
            raise
        if not isinstance(failure, TransportError) or failure.sent:
            perhaps_done = True
            if (found := await _look(change, timing, failure)) is not None:
                return found
            if getattr(failure, "status", None) != _REFUSED_FOR_NOW:
                lost += 1
                if lost > 1 or not change.repeatable:
                    raise _unknown(change, failure) from failure
        elif not failure.passing:
            raise failure
        pause = next(pauses, None)
        if pause is None:
            raise failure
        await timing.sleep(pause)


async def _look(change: Change[ResultT], timing: Timing, failure: OxideError) -> ResultT | None:
    """What the rack shows after a while; None if it shows nothing in that time."""
    misses, waited = 0, 0.0
    for pause in timing.growing():
        try:
            found = await change.look()
        except (TransportError, ServiceUnavailable, ServerError) as error:
            raise _unknown(change, failure) from error
        if found is None:
            misses += 1
            if misses >= len(timing.pauses):
                return None
        elif change.settled(found) or waited >= change.patience:
            return found
        await timing.sleep(pause)
        waited += pause
    return None


def _unknown(change: Change[ResultT], failure: OxideError) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"It is not known whether the rack did {change.action}: the answer was lost and looking did"
        f" not settle it. Look again before you repeat it. ({failure})"
    )
