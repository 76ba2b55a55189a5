"""`oxtui attach`: follows, steers and enters a session that another process runs."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from oxtui.cli.errors import FAILED, USAGE, CommandError
from oxtui.cli.setting_flags import settings_from

if TYPE_CHECKING:
    from oxtui.build.session import SessionFolder, SessionFolders

HELP = """Attach to a session that runs elsewhere, such as a CI build that stopped: `oxtui attach 41`.

Without a WORD its stops are shown and asked about here; `quit` leaves, and the session goes on. With one it is
told that and nothing else, for scripts: status, continue, step, until STEP, retry, trace, skip, done, keep,
abort, leave, edit [STEP], pause, unpause, break STEP, unbreak STEP, stop …, unstop …, run COMMAND, upload FILE PLACE.
`edit` opens the script of the step that failed in $EDITOR, and then that step alone runs again.
`run` prints what the command prints and ends with its exit status: `oxtui attach run "ls -l /etc"`.
The number can be left out where one session runs."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("number", metavar="N", nargs="?", help="number of the session")
    parser.add_argument("words", metavar="WORD", nargs="*", help="what to tell it")
    parser.add_argument("--build", metavar="NAME", help="which of its builds, where it has several")
    parser.add_argument(
        "--shell", action="store_true", help="open a shell in the temporary instance; ctrl+] leaves"
    )
    parser.add_argument(
        "--screen", action="store_true", help="show the session on the Build screen"
    )


def run(arguments: Namespace) -> int:
    """Attach; returns the exit code."""
    from oxtui.build.remote.client import NotReached
    from oxtui.build.session import SessionFolders

    words = list(arguments.words)
    number = arguments.number
    if number is not None and not number.isdecimal():
        words, number = [number, *words], None
    if sum((bool(words), arguments.shell, arguments.screen)) > 1:
        raise CommandError(
            "Either --shell, or --screen, or a word that tells the session what to do.", USAGE
        )
    settings = settings_from(arguments)
    folder = _chosen(
        SessionFolders(settings.paths.sessions), None if number is None else int(number)
    )
    if arguments.screen:
        from oxtui.cli.open_screens import open_session

        return open_session(settings, folder.number)
    try:
        return asyncio.run(_attach(folder, words, arguments.build, shell=arguments.shell))
    except NotReached as error:
        raise CommandError(str(error), FAILED) from None


async def _attach(
    folder: SessionFolder, words: list[str], build: str | None, *, shell: bool
) -> int:
    from oxtui.build.remote.client import RemoteSession
    from oxtui.cli.attached.conversation import Conversation
    from oxtui.cli.attached.once import tell
    from oxtui.cli.attached.shell import enter

    session = await RemoteSession.open(folder)
    try:
        if shell:
            return await enter(session, build)
        if words:
            return await tell(session, words, build)
        return await Conversation(session, build).run()
    finally:
        await session.close()


def _chosen(folders: SessionFolders, number: int | None) -> SessionFolder:
    """The session of that number, or the one that runs."""
    if number is not None:
        if not folders.is_live(number):
            raise CommandError(
                f"Session {number} does not run; `oxtui sessions` lists those there are.", FAILED
            )
        return folders.folder(number)
    live = folders.live()
    if not live:
        raise CommandError("No session runs now; `oxtui sessions` lists those there were.", FAILED)
    if len(live) > 1:
        listed = ", ".join(map(str, live))
        raise CommandError(
            f"Several sessions run: {listed}. Say which: `oxtui attach {live[-1]}`.", USAGE
        )
    return folders.folder(live[0])
