"""Machines that a session cannot go on in: nobody can log in to them any more, or they are gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oxtui.component.resources import ResourceRecord, is_machine, resource_kind
from oxtui.service import ServiceError
from screens.sessions.leftovers import reconnector

if TYPE_CHECKING:
    from oxtui.build.journal.checkpoint_rows import Checkpoint
    from oxtui.build.resume.continued import Continued
    from screens.connection import Link
    from screens.services import Services

LOOK_SECONDS = 15.0
"""For a look at one rack: what is not known then is seen when the session goes on."""
_DISKS = ("oxide.disk",)
_REPLACED = ("oxide.instance",)
"""Kinds of machines in whose place another one can go on."""


@dataclass(frozen=True, slots=True)
class LostMachine:
    """A provisioned machine of a build that has more to do in it."""

    build: str
    title: str
    """`instance`, `VM`."""
    name: str
    gone: bool
    """It is not there any more; False: its key is."""
    disk: str = ""
    """Name of its disk; empty if that is gone as well."""
    replaced: bool = True
    """Another one can begin with its disk, or from a checkpoint."""
    checkpoint: Checkpoint | None = None
    """The newest of its work."""


async def lost_machines(
    services: Services, link: Link | None, continued: Continued
) -> list[LostMachine]:
    """Those of a session, by the order of its builds; asks the rack, and believes what it does not answer to be there.

    Raises:
        JournalError: the journal cannot be read.
    """
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import JournalReader
    from oxtui.build.resume.resumption import key_is_lost, needs_its_machine, standing

    folder = services.settings.paths.sessions
    async with JournalReader.open(journal_path(folder)) as reader:
        records = await reader.resources(continued.number)
        checkpoints = await reader.checkpoints()
    found = []
    for name, build in continued.state.builds.items():
        if standing(build) != "open" or not needs_its_machine(build):
            continue
        of_build = [each for each in records if each.build == name and not each.released]
        machine = _last(each for each in of_build if is_machine(each.kind))
        if machine is None:
            continue
        there = await _there(services, link, [each for each in of_build if _matters(each)])
        gone = machine.number not in there
        if not gone and not await asyncio.to_thread(key_is_lost, build, continued.folder):
            continue
        disk = _last(each for each in of_build if each.kind in _DISKS and each.number in there)
        own = [one for one in checkpoints if (one.session, one.build) == (continued.number, name)]
        found.append(
            LostMachine(
                name, resource_kind(machine.kind).title, machine.name, gone, disk.name if disk else "",
                machine.kind in _REPLACED, own[-1] if own else None,
            )
        )  # fmt: skip
    return found


def _last(records: Iterable[ResourceRecord]) -> ResourceRecord | None:
    return max(records, key=lambda each: each.number, default=None)


def _matters(record: ResourceRecord) -> bool:
    return is_machine(record.kind) or record.kind in _DISKS


async def _there(services: Services, link: Link | None, records: list[ResourceRecord]) -> set[int]:
    """Numbers of those that are there, as far as can be told."""
    there = {each.number for each in records if each.state != "deleted"}
    open_ = [each for each in records if each.number in there]
    if not open_:
        return there
    connect = reconnector(services, link)
    try:
        async with asyncio.timeout(LOOK_SECONDS), connect(open_[0]) as service:
            for each in open_:
                if await _find(service, each) is None:
                    there.discard(each.number)
    except (ServiceError, LookupError, OSError):
        return there  # it is told once the session goes on
    return there


async def _find(service: Any, record: ResourceRecord) -> str | None:
    return await resource_kind(record.kind).find(service, record)
