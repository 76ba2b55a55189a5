"""`oxtui replay`: a session played again, in the Build screen or as `oxtui build` printed it."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.errors import CommandError
from oxtui.cli.session_argument import last_session, session_or_file
from oxtui.cli.setting_flags import settings_from

if TYPE_CHECKING:
    from oxtui.build.replay.replay import Replay
    from oxtui.settings import Settings

HELP = """Play a session again: its steps, output and stops as they came, in the Build screen.

SESSION is a number, `last`, or a file that `oxtui bundle` made. Times in which nothing happened are played short.
space plays and stops, left and right go from step to step, + changes the speed."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "session", metavar="SESSION", type=session_or_file,
        help="number of the session, `last`, or the file of a bundle",
    )  # fmt: skip
    parser.add_argument(
        "--plain", action="store_true", help="print it all at once, as `oxtui build` printed it"
    )


def run(arguments: Namespace) -> int:
    """Play it; returns the exit code."""
    from oxtui.build.bundle.errors import BundleError
    from oxtui.build.journal import JournalError
    from oxtui.build.recorded import NoSuchSession

    settings = settings_from(arguments)
    try:
        if arguments.plain:
            return asyncio.run(_print(arguments.session, settings))
        names = asyncio.run(_place(arguments.session, settings))
    except (JournalError, NoSuchSession, BundleError) as error:
        raise CommandError(str(error)) from None
    from oxtui.cli.open_screens import open_at

    return open_at(arguments, "build", names)


async def _place(session: int | Path, settings: Settings) -> tuple[str, ...]:
    """How the Build screen names the session; raises as reading it does, before a screen is opened."""
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import JournalReader
    from oxtui.build.recorded import NoSuchSession

    if isinstance(session, Path):
        return ("file", str(session), "play")
    async with JournalReader.open(journal_path(settings.paths.sessions)) as reader:
        number = session or await last_session(reader)
        if await reader.session(number) is None:
            raise NoSuchSession(number)
    return (str(number), "play")


async def _print(session: int | Path, settings: Settings) -> int:
    from oxtui.build.replay.printing import print_replay

    replay = await _replay(session, settings)
    await asyncio.to_thread(print_replay, replay, print)
    return 0


async def _replay(session: int | Path, settings: Settings) -> Replay:
    from oxtui.build.bundle.reader import open_bundle
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import JournalReader
    from oxtui.build.replay.replay import replay_of
    from oxtui.build.session import SessionFolders
    from oxtui.logs.sanitise import plain

    if isinstance(session, Path):
        opened = await asyncio.to_thread(open_bundle, session)
        for word in opened.words:
            print(f"oxtui: {plain(word)}", file=sys.stderr)
        return opened.replay
    sessions = settings.paths.sessions
    async with JournalReader.open(journal_path(sessions)) as reader:
        number = session or await last_session(reader)
        return await replay_of(reader, SessionFolders(sessions), number)
