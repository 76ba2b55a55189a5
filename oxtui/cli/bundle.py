"""`oxtui bundle`: a session in one file for a colleague."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.errors import FAILED, CommandError
from oxtui.cli.session_argument import last_session, session_number
from oxtui.cli.setting_flags import settings_from

if TYPE_CHECKING:
    from oxtui.build.bundle.form import Summary
    from oxtui.settings import Settings

HELP = """Write a session into one file that can be handed on: events, output, serial console, template.

Secrets that the session knew are masked already; what else looks like one (private keys, tokens, passwords in URLs)
is masked too, and counted. Keys of kept instances are never in it. `oxtui replay FILE` opens it."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "session", metavar="SESSION", type=session_number,
        help="number of the session, or `last`",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path,
        help="the file; without it oxtui-session-N.zip in the present folder",
    )  # fmt: skip
    parser.add_argument(
        "--anonymous", action="store_true", help="give hosts, addresses and users other names in it"
    )
    parser.add_argument("--force", action="store_true", help="overwrite the file if it is there")


def run(arguments: Namespace) -> int:
    """Write it; returns the exit code."""
    from oxtui.build.bundle.errors import BundleError
    from oxtui.build.journal import JournalError
    from oxtui.build.recorded import NoSuchSession

    settings = settings_from(arguments)
    try:
        return asyncio.run(_bundle(arguments, settings))
    except (JournalError, NoSuchSession, BundleError) as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}", FAILED) from error


async def _bundle(arguments: Namespace, settings: Settings) -> int:
    from oxtui.build.bundle.identity import identity_of
    from oxtui.build.bundle.writer import write_bundle
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import JournalReader
    from oxtui.build.recorded import recorded_events
    from oxtui.build.session import SessionFolders

    sessions = settings.paths.sessions
    async with JournalReader.open(journal_path(sessions)) as reader:
        number = arguments.session or await last_session(reader)
        live = SessionFolders(sessions).is_live(number)
        events = await recorded_events(reader, number)
    folder = SessionFolders(sessions).folder(number)
    target = arguments.output or Path(f"oxtui-session-{number}.zip")
    summary = await asyncio.to_thread(
        write_bundle, events, folder, target,
        identity=identity_of(os.environ) if arguments.anonymous else None, live=live,
        force=arguments.force,
    )  # fmt: skip
    _tell(summary, target)
    return 0


def _tell(summary: Summary, target: Path) -> None:
    from oxtui.cli.table import table
    from oxtui.logs.sanitise import plain

    rows = [(plain(member.name), f"{member.size:,}") for member in summary.members]
    print("\n".join(table(("FILE", "BYTES"), rows)))
    print(f"{summary.events} events; masked because they look like secrets: {summary.secrets}")
    if summary.names:
        print(f"hosts, addresses and users have other names in it ({summary.names})")
    print(
        f"{plain(str(target))}: {summary.size:,} bytes. `oxtui replay {plain(str(target))}` opens it."
    )
