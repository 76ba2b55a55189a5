"""`oxtui export`: a session as a template for stock Packer."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.errors import FAILED, USAGE, CommandError
from oxtui.cli.session_argument import last_session, session_or_file
from oxtui.cli.setting_flags import settings_from
from oxtui.cli.variable_flags import add_variable_flags

if TYPE_CHECKING:
    from oxtui.build.recorded import RecordedSession
    from oxtui.export.exported import Exported, ExportOptions
    from oxtui.settings import Settings

HELP = """Write a session as a .pkr.hcl that reproduces it with stock Packer and the plugins that it names.

It is the template that the session began with, with what was edited, skipped and found out in the session. Secrets
become variables. It is read back and planned again first; what would do otherwise than the session is not written.
Without -o it goes to standard output. What was changed, and why, is told on standard error."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "session",
        metavar="SESSION",
        type=session_or_file,
        help="number of the session, `last`, or the file of a bundle",
    )
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write it to a file")
    parser.add_argument(
        "--diff", action="store_true", help="print the changes to the template that it began with"
    )
    parser.add_argument(
        "--scripts",
        metavar="DIR",
        type=Path,
        help="write scripts that were edited there, instead of inline commands",
    )
    parser.add_argument(
        "--variables",
        dest="values_file",
        metavar="FILE",
        type=_variables,
        help="write the values of variables there, without secrets (.pkrvars.hcl)",
    )
    parser.add_argument(
        "--files",
        metavar="DIR",
        type=Path,
        help="copy files that were uploaded at stops there, if they lie elsewhere than the template",
    )
    parser.add_argument(
        "--no-commands",
        action="store_true",
        help="leave commands that ran at stops as comments, not as provisioners",
    )
    parser.add_argument(
        "--breakpoints",
        action="store_true",
        help="write breakpoints as provisioners that stop; Packer asks at them",
    )
    parser.add_argument(
        "--force", action="store_true", help="overwrite files; without it their changes are shown"
    )
    add_variable_flags(
        parser, "value that a variable had in the session", "file with values that variables had"
    )


def run(arguments: Namespace) -> int:
    """Export; returns the exit code."""
    from oxtui.build.bundle.errors import BundleError
    from oxtui.build.journal import JournalError
    from oxtui.build.recorded import NoSuchSession
    from oxtui.export.exported import ExportError

    settings = settings_from(arguments)
    try:
        return asyncio.run(_export(arguments, settings))
    except (BundleError, JournalError, NoSuchSession, ExportError) as error:
        raise CommandError(str(error)) from None


async def _export(arguments: Namespace, settings: Settings) -> int:
    from oxtui.export.session import export_session

    async with _recorded(arguments.session, settings) as recorded:
        exported = await export_session(recorded, _options(arguments, settings))
    for note in exported.notes:
        _tell(note)
    if exported.problems:
        for problem in exported.problems:
            _tell(f"problem: {problem}")
        if arguments.diff:
            print(exported.diff, end="")
        raise CommandError(
            f"session {exported.session} is not exported: the template would not do what the session did"
        )
    await asyncio.to_thread(_write, exported, arguments)
    return 0


@asynccontextmanager
async def _recorded(session: int | Path, settings: Settings) -> AsyncIterator[RecordedSession]:
    """The session of the journal, or of a bundle."""
    from oxtui.build.bundle.reader import open_bundle
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import JournalReader
    from oxtui.build.recorded import recorded_session
    from oxtui.build.session import SessionFolders

    if isinstance(session, Path):
        opened = await asyncio.to_thread(open_bundle, session)
        for word in opened.words:
            _tell(word)
        yield opened.replay.session
        return
    sessions = settings.paths.sessions
    async with JournalReader.open(journal_path(sessions)) as reader:
        number = session or await last_session(reader)
        recorded = await recorded_session(reader, SessionFolders(sessions), number)
    yield recorded


def _options(arguments: Namespace, settings: Settings) -> ExportOptions:
    from oxtui.export.exported import ExportOptions
    from oxtui.template.variables import VariableInputs

    inputs = VariableInputs(os.environ, arguments.variable_files, arguments.variables)
    return ExportOptions(
        target=arguments.output,
        scripts=arguments.scripts,
        inputs=inputs,
        commands=not arguments.no_commands,
        breakpoints=arguments.breakpoints,
        variables=arguments.values_file,
        files=arguments.files,
        cache=settings.paths.cache,
    )


def _write(exported: Exported, arguments: Namespace) -> None:
    from oxtui.export.save import WouldOverwrite, save_export

    try:
        written = save_export(exported, arguments.output, force=arguments.force)
    except WouldOverwrite as there:
        print(there.diff, end="")
        raise CommandError(f"{there} --force overwrites; nothing was written.") from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}", FAILED) from error
    for path in written:
        _tell(f"wrote {path}")
    if arguments.diff:
        print(exported.diff, end="")
    elif arguments.output is None:
        print(exported.text, end="")


def _tell(text: str) -> None:
    from oxtui.logs.sanitise import plain

    print(f"oxtui: {plain(text)}", file=sys.stderr)


def _variables(text: str) -> Path:
    """A file that Packer reads values of variables from."""
    if not text.endswith(".pkrvars.hcl"):
        raise CommandError(
            f"{text}: the name of a file of variables has to end in .pkrvars.hcl", USAGE
        )
    return Path(text)
