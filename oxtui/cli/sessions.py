"""`oxtui sessions`: past and running sessions, and what happened in one."""

from __future__ import annotations

import asyncio
import json
import time
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oxtui.cli.errors import USAGE, CommandError
from oxtui.cli.session_argument import last_session, session_number
from oxtui.cli.setting_flags import settings_from

if TYPE_CHECKING:
    from oxtui.build.journal import JournalReader, SessionRecord
    from oxtui.build.session import SessionFolders
    from oxtui.settings import Settings

HELP = (
    """List the sessions, or tell of one: `oxtui sessions show 41`, `timeline 41`, `changes 41`."""
)

_GLYPHS = {
    "running": "●",
    "succeeded": "✓",
    "failed": "✗",
    "kept": "▣",
    "cancelled": "·",
    "cut_off": "✗",
}
_TOLD = 5
"""Sessions that can be resumed are told by number, the newest of them."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=["show", "timeline", "changes"],
        help=(
            "of one session: show prints its whole log and names the log files; timeline prints what "
            "each step took, this time and before; changes prints what was changed in its images"
        ),
    )
    parser.add_argument(
        "number", metavar="SESSION", nargs="?", type=session_number,
        help="number of the session, or `last`",
    )  # fmt: skip
    parser.add_argument(
        "--json", action="store_true", help="print JSON; of one session a record a line"
    )


def run(arguments: Namespace) -> int:
    """List, or show one."""
    from oxtui.build.journal import JournalError

    if arguments.action and arguments.number is None:
        raise CommandError("Which session? `oxtui sessions` lists them.", USAGE)
    settings = settings_from(arguments)
    try:
        return asyncio.run(_sessions(arguments, settings))
    except JournalError as error:
        raise CommandError(str(error)) from None


async def _sessions(arguments: Namespace, settings: Settings) -> int:
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import JournalReader
    from oxtui.build.session import SessionFolders

    folders = SessionFolders(settings.paths.sessions)
    async with JournalReader.open(journal_path(settings.paths.sessions)) as reader:
        number = 0
        if arguments.action:
            number = arguments.number or await last_session(reader)
        if arguments.action == "timeline":
            from oxtui.cli import session_timeline

            await session_timeline.show(reader, folders, number, arguments.json)
            return 0
        if arguments.action == "changes":
            from oxtui.cli import session_changes

            await session_changes.show(reader, folders, number, arguments.json)
            return 0
        if arguments.action:
            await _show(reader, folders, number, arguments.json)
            return 0
        listed = [(session, _state(session, folders)) for session in await reader.sessions()]
    if arguments.json:
        print(json.dumps([_values(session, state) for session, state in listed], indent=2))
    elif listed:
        _table(listed)
    else:
        print("No session yet. `oxtui demo` runs one on the built-in simulated rack.")
    return 0


def _state(session: SessionRecord, folders: SessionFolders) -> str:
    if session.finished is None:
        return "running" if folders.is_live(session.number) else "cut_off"
    return session.status


def _values(session: SessionRecord, state: str) -> dict[str, object]:
    from oxtui.build.resume.continued import why_not

    return {
        "session": session.number,
        "state": state,
        "template": session.template,
        "image": session.image or None,
        "host": session.host or None,
        "simulated": session.simulated,
        "started": _moment(session.started),
        "finished": None if session.finished is None else _moment(session.finished),
        "duration_seconds": None if session.finished is None else _length(session, state),
        "leftovers": session.leftovers,
        "resumable": not why_not(session, live=state == "running"),
    }


def _table(listed: list[tuple[SessionRecord, str]]) -> None:
    from oxtui.build.report.durations import duration
    from oxtui.build.resume.continued import why_not
    from oxtui.cli.ages import age
    from oxtui.cli.table import table, terminal_width

    headings = ("SESSION", "STATE", "TEMPLATE", "IMAGE", "STARTED", "DURATION", "LEFTOVERS")
    rows = []
    for session, state in listed:
        length = _length(session, state)
        rows.append(
            (
                str(session.number),
                f"{_GLYPHS.get(state, '?')} {state.replace('_', ' ')}",
                session.template,
                session.image,
                f"{age(time.time() - session.started)} ago",
                "–" if length is None else duration(length),
                str(session.leftovers or "–") if state != "running" else "–",
            )
        )
    lines = table(headings, rows, shortened="TEMPLATE", width=terminal_width())
    print("\n".join(lines))
    if any(session.leftovers for session, state in listed if state != "running"):
        print("`oxtui sweep` lists what is left and removes it.")
    numbers = [
        str(session.number)
        for session, state in listed
        if not why_not(session, live=state == "running")
    ]
    if numbers:
        which = ", ".join(numbers[-_TOLD:])
        print(f"`oxtui resume SESSION` goes on where it ended; it can be one of: {which}.")


def _length(session: SessionRecord, state: str) -> float | None:
    """Seconds; None where nobody knows when it died."""
    if session.finished is not None:
        return max(0.0, session.finished - session.started)
    return time.time() - session.started if state == "running" else None


async def _show(reader: JournalReader, folders: SessionFolders, number: int, as_json: bool) -> None:
    """Replay a session from its events, through the same writers that a running one has."""
    from oxtui.build.recorded import recorded_session
    from oxtui.build.report.json_lines import JsonLines
    from oxtui.build.report.plain import PlainLog
    from oxtui.build.resume.continued import why_not

    session = await reader.session(number)
    if session is None:
        raise CommandError(f"There is no session {number}; `oxtui sessions` lists all.")
    folder, state = folders.folder(number), _state(session, folders)
    writer = (JsonLines if as_json else PlainLog)(folder.existing_spool, print)
    try:
        for stored in await reader.events(number):
            writer(stored.event)
        if state == "cut_off":
            writer.cut_off((await recorded_session(reader, folders, number)).state)
    finally:
        writer.close()
    if as_json:
        return
    print(f"state: {state.replace('_', ' ')}")
    why = why_not(session, live=folders.is_live(number))
    print(f"resume: {why or f'`oxtui resume {number}` goes on where it ended'}")
    for spool in folder.spools():
        print(f"log: {spool}")
    if session.leftovers:
        print(f"{session.leftovers} left: `oxtui sweep --session {number}` lists it")


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
