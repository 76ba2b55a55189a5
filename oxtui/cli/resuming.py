"""`oxtui resume`: plans a session again, and has the rest of it run and followed without a screen."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from oxtui.build.changes.wanted import changes_wanted
from oxtui.build.control import Policy
from oxtui.build.disposal import SETTLE_SECONDS
from oxtui.build.environment import Environment, journal_path
from oxtui.build.journal import JournalError, JournalReader
from oxtui.build.live import new_session
from oxtui.build.plan import Plan
from oxtui.build.recorded import NoSuchSession
from oxtui.build.report.form import Form
from oxtui.build.resume.choices import Choices
from oxtui.build.resume.continued import CannotResume, Continued
from oxtui.build.resume.planning import inputs_of, plan_again
from oxtui.build.session import SessionBusy, SessionFolders
from oxtui.build.stops import UnknownStep
from oxtui.cli.diagnosed import announce, tell
from oxtui.cli.errors import FAILED, USAGE, CommandError
from oxtui.cli.following import Write, exit_code, follow
from oxtui.cli.headless import environment, form_of, keeping
from oxtui.cli.session_argument import last_session
from oxtui.cli.setting_flags import settings_from
from oxtui.cli.standard_input import is_terminal
from oxtui.cli.stop_flags import stopping
from oxtui.logs.sanitise import plain
from oxtui.settings import Settings


async def resume_session(arguments: Namespace, environ: Mapping[str, str], write: Write) -> int:
    """`oxtui resume`: returns the exit code."""
    settings = settings_from(arguments)
    form = form_of(arguments, environ, settings)
    try:
        first = await _read(arguments.session, settings)
        demo = arguments.isolation if first.record.simulated else None
        text = first.folder.template.read_text(encoding="utf-8")
        files = [file.absolute() for file in arguments.variable_files]
        _go_to(first.given.folder)
        async with environment(settings, environ, demo=demo, template=text) as opened:
            opened = keeping(opened, arguments)
            continued = await Continued.read(opened.journal, opened.folders, first.number)
            plan = await _plan(continued, opened, arguments, files, form)
            if plan is None:
                return FAILED
            asks = form.name == "plain" and is_terminal()
            policy = Policy(
                on_error=arguments.on_error or "abort", attended=asks, debug=arguments.debug,
                secrets=is_terminal(), stopping=stopping(arguments, attended=asks),
            )  # fmt: skip
            given = continued.given
            parallel = 1 if arguments.debug else arguments.parallel_builds or given.parallel
            session = new_session(
                opened, plan, policy, force=given.force, promote=given.promote, parallel=parallel,
                continues=continued,
                settle=SETTLE_SECONDS if arguments.settle is None else arguments.settle,
                choices=Choices(
                    arguments.beginning, stops=arguments.stops, error=arguments.on_error is None
                ),
                changes=changes_wanted(settings, attended=False, flag=arguments.changes),
            )  # fmt: skip
            announce(form, f"oxtui session {continued.number}: {plain(plan.template)}", write)
            try:
                return exit_code(
                    await follow(session, write, form, seconds=arguments.build_timeout)
                )
            except UnknownStep as error:
                raise CommandError(str(error), USAGE) from None
    except (CannotResume, NoSuchSession, SessionBusy, JournalError, OSError) as error:
        raise CommandError(str(error), FAILED) from error


async def _read(number: int, settings: Settings) -> Continued:
    folder = settings.paths.sessions
    async with JournalReader.open(journal_path(folder)) as reader:
        number = number or await last_session(reader)
        return await Continued.read(reader, SessionFolders(folder), number)


def _go_to(folder: str) -> None:
    """Relative paths of the template count from where the session began."""
    if Path.cwd() == Path(folder):
        return
    try:
        os.chdir(folder)
    except OSError as error:
        raise CommandError(
            f"Relative paths of the session count from {folder}, which is not there any more "
            f"({error.strerror}). Bring it back, or build the template again."
        ) from error
    print(f"oxtui: paths count from {plain(folder)}, where the session began", file=sys.stderr)


async def _plan(
    continued: Continued,
    opened: Environment,
    arguments: Namespace,
    files: Sequence[Path],
    form: Form,
) -> Plan | None:
    """The plan; where the template has errors they are all written down, and there is none."""
    given = await _asked(continued, opened.environ, arguments.variables)
    inputs = inputs_of(continued, opened, [*arguments.variables, *given], files)
    planning = await plan_again(continued, opened, inputs, which=arguments.template)
    for diagnostic in planning.diagnostics:
        tell(diagnostic, opened.redactor, form, print)
    return planning.plan


async def _asked(
    continued: Continued, environ: Mapping[str, str], assignments: Sequence[str]
) -> list[str]:
    """Values of sensitive variables from the operator, as of `-var`.

    Raises:
        CommandError: nobody is there to give them.
    """
    missing = continued.given.missing(environ, assignments)
    if missing and not is_terminal():
        flags = " ".join(f"-var '{name}=…'" for name in missing)
        raise CommandError(
            f"Session {continued.number} was given values of sensitive variables, which are written down "
            f"nowhere. Give them again: {flags}",
            USAGE,
        )
    values = []
    for name in missing:
        question = f"Value of the sensitive variable {plain(name)}: "
        values.append(f"{name}={await asyncio.to_thread(getpass.getpass, question)}")
    return values
