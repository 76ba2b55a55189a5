"""Removing the snapshot of a checkpoint that was given up."""

from __future__ import annotations

from contextlib import nullcontext

from oxtui.build.disposal import remove
from oxtui.build.journal import Journal
from oxtui.build.journal.checkpoint_rows import Checkpoint
from oxtui.component.resources import Kinds, Services, resource_kind

SECONDS = 120.0
"""For one snapshot."""


async def discard(
    journal: Journal,
    given_up: Checkpoint,
    services: Services,
    kinds: Kinds = resource_kind,
) -> str:
    """Why its snapshot is still there, for sweep lists it then; empty if it is gone.

    Args:
        journal: in which it is no checkpoint any more.
        given_up: of this rack.
        services: the connected service that holds a resource.
        kinds: resource kinds by name.

    Raises:
        JournalError: it cannot be read or written.
    """
    records = await journal.resources(given_up.session, states=("intended", "created", "left"))
    record = next((each for each in records if each.number == given_up.resource), None)
    if record is None:
        return ""
    done = await remove(
        kinds, lambda _: nullcontext(services(record)), record, settled=True, seconds=SECONDS,
        found=journal.identified,
    )  # fmt: skip
    if done.reason:
        await journal.left(record.number, done.reason)
    else:
        await journal.deleted(record.number)
    return done.reason
