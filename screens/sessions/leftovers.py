"""What sessions left on their racks: listed with age and cost, and removed when the operator says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from oxtui.component.resources import is_machine
from screens.connection import Demo, Link
from screens.dialogs.confirm import ConfirmDialog
from screens.wording import plural

if TYPE_CHECKING:
    from oxtui.build.disposal import Leftover
    from oxtui.build.reconnect import Reconnector
    from oxtui.build.sweep import Sweeper
    from oxtui.oxide.credentials import Connection
    from screens.services import Services


def sweeping(services: Services, link: Link | None) -> AbstractAsyncContextManager[Sweeper]:
    """A sweeper over the operator's journal; what is on the demo rack is reached through `link`."""
    return _sweeping(services, link)


@asynccontextmanager
async def _sweeping(services: Services, link: Link | None) -> AsyncIterator[Sweeper]:
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import Journal
    from oxtui.build.session import SessionFolders
    from oxtui.build.sweep import Sweeper
    from oxtui.logs.redact import Redactor

    folder = services.settings.paths.sessions
    async with Journal.open(journal_path(folder), Redactor(), now=services.clock) as journal:
        yield Sweeper(
            journal,
            SessionFolders(folder),
            reconnector(services, link),
            now=services.clock,
            remove_seconds=services.settings.waits.cleanup,
        )


def reconnector(services: Services, link: Link | None) -> Reconnector:
    """Reaches what holds a resource of the journal; what is on the demo rack through `link`."""
    from oxtui.build.reconnect import Reconnector
    from oxtui.demo import demo_rack

    @asynccontextmanager
    async def demo() -> AsyncIterator[Connection]:
        if link is not None and isinstance(link.target, Demo):
            yield link.connection
            return
        async with demo_rack(services.settings.paths) as rack:
            yield rack.connection

    return Reconnector(services.environment, demo)


def question(
    number: int, left: Sequence[Leftover], access: Mapping[str, str] = MappingProxyType({})
) -> ConfirmDialog:
    """Whether these shall be removed; `access` has by build the command that logs in to its instance."""
    lines = []
    for each in left:
        cost = f", costs {each.cost}" if each.cost else ""
        why = f" ({each.reason})" if each.reason else ""
        kind = each.record.kind.partition(".")[2].replace("_", " ")
        lines.append(f"{kind} {each.record.name}, {_age(each.age)} old{cost}{why}")
        command = access.get(each.record.build, "")
        if command and (is_machine(each.record.kind) or f" {each.record.name} " in command):
            lines[-1] += f"; enter it: {command}"
    local = {each.record.kind.startswith("local.") for each in left}
    places = (("this machine", True), ("the rack", False))
    where = " and ".join(place for place, is_local in places if is_local in local)
    return ConfirmDialog(
        f"Leftovers of session {number}",
        f"{plural(len(left), 'thing')} on {where} would be deleted:",
        effects=lines,
    )


async def ssh_access(folder: Path, number: int) -> Mapping[str, str]:
    """By build the command that logs in to an instance that session `number` left running.

    `folder` is that of all sessions.

    Raises:
        JournalError: the journal cannot be read.
    """
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import JournalReader
    from oxtui.build.kept import ssh_commands
    from oxtui.build.recorded import recorded_session
    from oxtui.build.session import SessionFolders

    folders = SessionFolders(folder)
    async with JournalReader.open(journal_path(folder)) as reader:
        session = await recorded_session(reader, folders, number)
    return await asyncio.to_thread(ssh_commands, session.state, session.folder)


def _age(seconds: float) -> str:
    for length, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            return plural(int(seconds // length), unit)
    return "less than a minute"
