"""`oxtui sessions timeline`: what each step of a session took, beside its earlier runs."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from oxtui.cli.errors import CommandError

if TYPE_CHECKING:
    from oxtui.build.journal import JournalReader
    from oxtui.build.session import SessionFolders


async def show(reader: JournalReader, folders: SessionFolders, number: int, as_json: bool) -> None:
    """Print the timeline of each of its builds."""
    from oxtui.build.folding import died, fold
    from oxtui.build.history import history
    from oxtui.build.report.timeline import HEADINGS, cells, totals, values, words
    from oxtui.build.state import SessionState
    from oxtui.cli.table import table
    from oxtui.logs.sanitise import plain

    session = await reader.session(number)
    if session is None:
        raise CommandError(f"There is no session {number}; `oxtui sessions` lists all.")
    state, now = SessionState(), session.started
    for stored in await reader.events(number):
        state, now = fold(state, stored.event), stored.event.time
    if folders.is_live(number):
        now = time.time()
    elif state.finished is None:
        state = died(state)  # nobody knows more than its last event
    earlier = await history(reader, session.template, before=number)
    if as_json:
        told = [values(build, earlier, now) for build in state.builds.values()]
        print(json.dumps({"session": number, "builds": told}, indent=2))
        return
    for index, (name, build) in enumerate(state.builds.items()):
        if index:
            print()
        print(f"{plain(name)}: {words(build.phase)}. {totals(build, now)}")
        print("\n".join(table(HEADINGS, cells(build, earlier, now))))
    if not state.builds:
        print(f"No build of session {number} has begun.")
