"""Waiting for Outscale: quick at first, then less and less often."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Generic, Never, TypeVar

from oxtui.component.errors import ConnectError, StepError
from oxtui.component.protocols import StepContext
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.errors import ApiError, Conflict, NotFound, OutscaleError, WrongState
from oxtui.outscale.models.vm import Vm

FIRST_POLL = 0.5
LAST_POLL = 10.0
GROWTH = 1.5
BROKEN = frozenset(("quarantine", "terminated", "shutting-down"))
"""States of a VM that no build goes on from."""
ENDED = BROKEN | {"stopped", "stopping"}
"""States of a VM in which nobody can log in to it, and which it does not leave by itself."""

T = TypeVar("T")


APPEARS_SECONDS = 30.0
"""How long what was made just now may not be there yet for who reads."""


class Appearing(Generic[T]):
    """Looks for what was made just now: not there is no answer at first, and the end once it was seen."""

    def __init__(self, find: Callable[[], Awaitable[T | None]], gone: str) -> None:
        self._find = find
        self._gone = gone
        self._seen = False
        self._end = asyncio.get_running_loop().time() + APPEARS_SECONDS

    async def look(self) -> T | None:
        """What there is; None where it is not there yet.

        Raises:
            StepError: it is gone.
        """
        found = await self._find()
        if found is None and (self._seen or asyncio.get_running_loop().time() > self._end):
            raise StepError(self._gone)
        self._seen = self._seen or found is not None
        return found


async def stops_running(client: OutscaleClient, vm: str) -> Never:
    """Looks now and then at a VM that somebody waits for, as one that ended lets nobody in.

    Raises:
        ConnectError: it does not run any more.
    """
    while True:
        await asyncio.sleep(LAST_POLL)
        try:
            found = await client.vms.find(vm)
        except OutscaleError:  # whoever needs an answer asks for one and tells
            continue
        if found is None:
            raise ConnectError(
                f"VM {vm} is gone from the account: somebody else deleted it. Abort the build."
            )
        if found.state in ENDED:
            raise ConnectError(
                f"VM {vm} is {found.state} by now, so nobody can log in to it. Look at the serial "
                "console, then abort; or start it and retry."
            )


async def watched(
    look: Callable[[], Awaitable[T | None]],
    *,
    limit: float,
    what: str,
    setting: str = "",
    instead: Callable[[], str] = lambda: "",
) -> T:
    """What `look` gives, once it gives something; asked at growing distances.

    limit: seconds, and `setting` where they come from. what: what has not come in time, as a clause;
    `instead`: how it stands at that moment, such as its state.

    Raises:
        StepError: it took too long.
    """
    pause = FIRST_POLL
    try:
        async with asyncio.timeout(limit):
            while (found := await look()) is None:
                await asyncio.sleep(pause)
                pause = min(pause * GROWTH, LAST_POLL)
            return found
    except TimeoutError:
        state = f" but {now}" if (now := instead()) else ""
        longer = f", or raise {setting} in the settings" if setting else ""
        raise StepError(
            f"{what}{state} after {limit:.0f} s. Retry to wait again{longer}."
        ) from None


async def vm_state(
    client: OutscaleClient,
    vm_id: str,
    wanted: str,
    *,
    limit: float,
    on_change: Callable[[str], None],
    dead: Collection[str],
) -> Vm:
    """The VM, once its state is `wanted`; `limit` in seconds.

    Raises:
        StepError: it entered a state of `dead`, went away, or took too long.
    """
    state = ""

    gone = f"VM {vm_id} is gone: somebody else deleted it. Abort the build."
    appearing = Appearing(lambda: client.vms.find(vm_id), gone)

    async def look() -> Vm | None:
        nonlocal state
        if (vm := await appearing.look()) is None:
            return None
        if vm.state != state:
            state = vm.state
            on_change(state)
        if state in dead and state != wanted:
            why = f" ({vm.state_reason})" if vm.state_reason else ""
            raise StepError(
                f"VM {vm_id} is {state}{why} and will not become {wanted}. "
                "Look at the serial console, then retry or abort."
            )
        return vm if state == wanted else None

    return await watched(
        look, limit=limit, what=f"VM {vm_id} is not {wanted}", setting="waits.instance_state",
        instead=lambda: state,
    )  # fmt: skip


async def persistently(
    action: Callable[[], Awaitable[object]], *, seconds: float, kinds: tuple[type[ApiError], ...]
) -> None:
    """Does what is refused for a while only: something is not known yet, or is not in the right state yet.

    Raises:
        ApiError: it is refused still, or for another reason.
    """
    clock = asyncio.get_running_loop().time
    end, pause = clock() + seconds, FIRST_POLL
    while True:
        try:
            await action()
        except kinds:
            if clock() + pause >= end:
                raise
        else:
            return
        await asyncio.sleep(pause)
        pause = min(pause * GROWTH, LAST_POLL)


TAG_SECONDS = 20.0
"""How long what was made just now may be unknown to CreateTags."""


async def tag(client: OutscaleClient, ids: Collection[str], tags: dict[str, str]) -> None:
    """Sets tags on what may have been made just now."""
    if ids and tags:
        await persistently(
            lambda: client.tag(list(ids), tags), seconds=TAG_SECONDS, kinds=(NotFound,)
        )


async def once_free(action: Callable[[], Awaitable[object]], *, seconds: float) -> None:
    """Does what something else is in the way of for a while: a VM that shuts down, an image that goes."""
    await persistently(action, seconds=seconds, kinds=(Conflict, WrongState))


def teller(context: StepContext, what: str) -> Callable[[str], None]:
    """Tells each new state in the log and as the step's progress."""

    def changed(state: str) -> None:
        context.progress(f"{what} is {state}")
        context.say(f"{what[:1].upper()}{what[1:]} is {state}")

    return changed
