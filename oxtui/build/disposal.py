"""Before a resource is removed: whether it is there at all, and what to tell if it stays."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from oxtui.component.events import ResourceLeft
from oxtui.component.resources import (
    Connect,
    Kinds,
    ResourceKind,
    ResourceRecord,
    UnknownResourceKind,
)

SETTLE_SECONDS = 600.0
"""A rack finishes a creation that it accepted even if its client went away (omicron runs it as a
saga), so what was asked for and is not there may appear yet. After this time it will not."""

FIRST_LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """A resource that may still exist, with what an operator needs to decide about it."""

    record: ResourceRecord
    age: float
    """Seconds since it was intended."""
    command: str
    """Removes it by hand; empty where this oxtui does not know its kind."""
    cost: str
    """What it takes up; empty for nothing worth telling."""
    reason: str = ""
    """Why it is still here, or why it could not be looked up."""
    exists: bool | None = None
    """None: its rack was not asked, or gave no answer."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What came of a removal."""

    record: ResourceRecord
    """With what is known now."""
    reason: str = ""
    """Why it may still exist; empty if it is gone."""
    was_there: bool = False
    """It was, and the removal ended that."""


class NotThereYet(Exception):
    """It was asked for, it is not there, and it may still appear."""

    def __init__(self, kind: ResourceKind, record: ResourceRecord) -> None:
        super().__init__(
            f'The {kind.title} "{record.name}" is not there, but its creation got no answer and may '
            "still be at work. Look again in a few minutes."
        )


async def look(
    kind: ResourceKind, service: Any, record: ResourceRecord, *, settled: bool, patience: float
) -> str | None:
    """The id of a resource; None if there is none and there will be none.

    Args:
        kind: of the resource.
        service: where it is.
        record: what the journal knows; its id is believed, without one it is looked up by name.
        settled: its creation is surely no longer at work, so that one look is final.
        patience: seconds to look again and again where it is not settled.

    Raises:
        NotThereYet: it was not found, and may still appear.
        Exception: whatever the service raises.
    """
    return record.id or await find(kind, service, record, settled=settled, patience=patience)


async def find(
    kind: ResourceKind, service: Any, record: ResourceRecord, *, settled: bool, patience: float
) -> str | None:
    """As `look`, but an id that is known is not believed: what has it may be gone by now."""
    clock = asyncio.get_running_loop().time
    settled = settled or bool(record.id)
    end = clock() + (0.0 if settled else patience)
    pause = FIRST_LOOK_SECONDS
    while (found := await kind.find(service, record)) is None and clock() < end:
        await asyncio.sleep(min(pause, end - clock()))
        pause *= 2
    if found is None and not settled:
        raise NotThereYet(kind, record)
    return found


def leftover(
    record: ResourceRecord,
    kinds: Kinds,
    now: float,
    reason: str = "",
    exists: bool | None = None,
) -> Leftover:
    """What to tell of a resource that stays."""
    try:
        kind = kinds(record.kind)
    except UnknownResourceKind as error:
        command, cost, reason = "", "", reason or str(error)
    else:
        command, cost = kind.command(record), kind.cost(record)
    return Leftover(
        record=record,
        age=max(0.0, now - record.time),
        command=command,
        cost=cost,
        reason=reason or record.reason,
        exists=exists,
    )


def told_of(left: Leftover, now: float) -> ResourceLeft:
    """What readers of its session are told of it, in Unix seconds."""
    record = left.record
    return ResourceLeft(
        time=now, build=record.build, resource=record.number, kind=record.kind, name=record.name,
        reason=left.reason, command=left.command,
    )  # fmt: skip


async def remove(
    kinds: Kinds,
    connect: Connect,
    record: ResourceRecord,
    *,
    settled: bool,
    seconds: float,
    found: Callable[[int, str], Awaitable[None]],
    patience: float = 0.0,
) -> Removal:
    """Delete a resource, within a bound.

    Args:
        kinds: resource kinds by name.
        connect: opens the service that holds it; what it raises counts as any other failure.
        record: what the journal knows.
        settled: as of `look`.
        seconds: bound of the whole.
        found: told the number and the id of what had to be looked up.
        patience: as of `look`.
    """
    limit, was_there = asyncio.timeout(seconds), False
    try:
        async with limit:
            kind = kinds(record.kind)
            async with connect(record) as service:
                known = await look(kind, service, record, settled=settled, patience=patience)
                if known is not None:
                    if not record.id:
                        record = replace(record, id=known)
                        await found(record.number, known)
                    was_there = await kind.delete(service, record)
    except Exception as error:  # whatever the service raises: the caller has others to remove
        if isinstance(error, TimeoutError) and limit.expired():
            return Removal(record, f"its removal did not end within {seconds:.0f} s")
        return Removal(record, str(error) or type(error).__name__)
    return Removal(record, was_there=was_there)
