"""Waiting for the rack: quick at first, then less and less often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Never

from oxtui.builders.boot.console import tell_end
from oxtui.component.errors import ConnectError, StepError
from oxtui.component.protocols import StepContext
from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import NotFound, OxideError
from oxtui.oxide.models.instance import Instance

FIRST_POLL = 0.1
LAST_POLL = 2.0
WATCH_POLL = 5.0
SERIAL_POLL = 0.5
SERIAL_BYTES = 4096


async def instance_state(
    client: OxideClient,
    instance_id: str,
    wanted: str,
    *,
    limit: float,
    on_change: Callable[[str], None],
    dead: Collection[str] = ("failed", "destroyed"),
) -> Instance:
    """The instance, once its run state is `wanted`; `limit` in seconds.

    Raises:
        StepError: it entered a state of `dead`, went away, or took too long.
    """
    pause, state = FIRST_POLL, ""
    try:
        async with asyncio.timeout(limit):
            while True:
                instance = await client.instances.view(instance_id)
                if instance.run_state != state:
                    state = str(instance.run_state)
                    on_change(state)
                if state == wanted:
                    return instance
                if state in dead:
                    raise StepError(
                        f"instance {instance.name} is {state} and will not become {wanted}. "
                        "Look at the serial console, then retry or abort."
                    )
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, LAST_POLL)
    except TimeoutError:
        raise StepError(
            f"instance {instance_id} is still {state or 'unknown'} after {limit:.0f} s, not {wanted}. "
            "Retry to wait again, or raise waits.instance_state in the settings."
        ) from None
    except NotFound as error:
        raise StepError(
            f"instance {instance_id} is gone from the rack: somebody else deleted it. Abort the build."
        ) from error


async def stops_running(client: OxideClient, instance_id: str) -> Never:
    """Looks now and then at an instance that somebody waits for, as one that ended lets nobody in.

    Raises:
        ConnectError: it does not run any more.
    """
    while True:
        await asyncio.sleep(WATCH_POLL)
        try:
            instance = await client.instances.view(instance_id)
        except NotFound as error:
            raise ConnectError(
                f"instance {instance_id} is gone from the rack: somebody else deleted it. Abort the build."
            ) from error
        except OxideError:  # whoever needs an answer asks for one and tells
            continue
        if (state := str(instance.run_state)) in ("stopped", "failed", "destroyed"):
            raise ConnectError(
                f"instance {instance.name} is {state} by now, so nobody can log in to it. Look at the "
                "serial console, then abort; or start it and retry."
            )


async def tell_serial(client: OxideClient, instance_id: str, context: StepContext) -> None:
    """Puts the end of the serial console into the step's output, where a login fails for a reason in it."""
    try:
        history = await client.instances.serial_history(
            instance_id, most_recent=SERIAL_BYTES, max_bytes=SERIAL_BYTES
        )
    except OxideError as error:
        context.say(f"The serial console cannot be read: {error}")
        return
    tell_end(history.data, context)


async def follow_serial(
    client: OxideClient,
    instance_id: str,
    write: Callable[[bytes], None],
    offset: int = 0,
    moved: Callable[[int], object] = lambda offset: None,
) -> None:
    """Copies the serial console from `offset` as it grows, each byte once, until cancelled; tells each new offset.

    It reads the history by offset rather than the stream: an offset survives lost connections. Offsets start
    again at 0 with each start of the instance (API).
    """
    pause = SERIAL_POLL
    while True:
        try:
            history = await client.instances.serial_history(instance_id, from_start=offset)
        except OxideError:
            # No console in this state, or the rack did not answer: both pass.
            await asyncio.sleep(SERIAL_POLL)
            continue
        if history.last_byte_offset < offset:
            offset = 0
            continue
        if history.data:
            write(history.data)
            offset, pause = history.last_byte_offset, SERIAL_POLL
            moved(offset)
        else:
            await asyncio.sleep(pause)
            pause = min(pause * 1.2, LAST_POLL)
