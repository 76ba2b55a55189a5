"""`oxtui sweep`: list and remove what dead sessions left behind."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from oxtui.cli.durations import duration
from oxtui.cli.errors import CommandError
from oxtui.cli.setting_flags import settings_from

if TYPE_CHECKING:
    from oxtui.build.disposal import Leftover
    from oxtui.build.journal import Journal
    from oxtui.build.sweep import Swept
    from oxtui.settings import Settings

HELP = """List what sessions that are over left on their racks, with the command that removes each; on a
terminal, ask whether to remove it. What a running session or a checkpoint owns is never touched.

The exit code is 0 if nothing is left and 1 if something is, be it kept on purpose."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("-y", "--yes", action="store_true", help="remove it without asking")
    parser.add_argument("--json", action="store_true", help="print one JSON object, ask nothing")
    parser.add_argument(
        "--session", metavar="N", type=int, help="only what this session left, kept or not"
    )
    parser.add_argument(
        "--older-than", metavar="DURATION", type=duration, default=0.0,
        help="only what was made so long ago, such as 12h",
    )  # fmt: skip
    parser.add_argument(
        "--kept", action="store_true", help="remove instances that were kept on purpose, too"
    )
    parser.add_argument(
        "--profile", metavar="NAME", default="", help="profile to use for the rack that it is for"
    )
    parser.add_argument(
        "--settle", metavar="DURATION", type=duration, default=None,
        help="after which a creation that got no answer is taken for never made (10m)",
    )  # fmt: skip


def run(arguments: Namespace) -> int:
    """List, ask, remove; returns the exit code."""
    from oxtui.build.journal import JournalError
    from oxtui.service import ServiceError

    settings = settings_from(arguments)
    try:
        return asyncio.run(_sweep(arguments, settings, os.environ))
    except (JournalError, ServiceError) as error:
        raise CommandError(str(error)) from None


async def _sweep(arguments: Namespace, settings: Settings, environ: Mapping[str, str]) -> int:
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import Journal
    from oxtui.cli.sweep_report import JsonReport, TextReport
    from oxtui.cli.sweeper import sweeper_for
    from oxtui.component.providers import environment_secrets
    from oxtui.logs.redact import Redactor

    path = journal_path(settings.paths.sessions)
    report = JsonReport() if arguments.json else TextReport()
    if not path.exists():
        await _known(arguments.session, None)
        report.listed([], {})
        report.end([])
        return 0
    async with (
        Journal.open(path, Redactor(environment_secrets(environ))) as journal,
        AsyncExitStack() as stack,
    ):
        await _known(arguments.session, journal)
        sweeper = sweeper_for(
            settings, environ, journal, stack, profile=arguments.profile, settle=arguments.settle
        )
        if arguments.session is not None and sweeper.folders.is_live(arguments.session):
            raise CommandError(
                f"Session {arguments.session} is at work; what it owns goes with it, or is listed "
                "here when it is over."
            )
        left = await sweeper.plan(arguments.session, arguments.older_than)
        templates = {session.number: session.template for session in await journal.sessions()}
        report.listed(left, templates)
        report.spared(await journal.checkpoints())
        spare_kept = not arguments.kept and arguments.session is None
        doomed = [each for each in left if not (spare_kept and each.record.kept)]
        done: list[Swept] = []
        if doomed and (arguments.yes or (not arguments.json and await _wanted(doomed))):
            done = await sweeper.remove(doomed, report.swept)
        report.end(done)
        return 0 if len(left) == sum(each.removed for each in done) else 1


async def _known(session: int | None, journal: Journal | None) -> None:
    """Complain about a session that never was: a list without it would look like a clean rack."""
    if session is None or (journal is not None and await journal.session(session) is not None):
        return
    raise CommandError(f"There is no session {session}; `oxtui sessions` lists all.")


async def _wanted(doomed: list[Leftover]) -> bool:
    """Ask, where somebody can answer."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    what = "this resource" if len(doomed) == 1 else f"these {len(doomed)} resources"
    print(f"Remove {what}? [y/N] ", end="", flush=True)
    answer = await asyncio.to_thread(sys.stdin.readline)
    return answer.strip().lower() in ("y", "yes")
