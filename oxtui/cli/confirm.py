"""The question before something is lost."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from oxtui.cli.errors import CANCELLED, USAGE, CommandError
from oxtui.cli.on_rack import OnRack, narrate


def add_yes_flag(parser: ArgumentParser) -> None:
    """Declare `--yes`."""
    parser.add_argument("-y", "--yes", action="store_true", help="do it without asking")


async def confirm_loss(arguments: Namespace, what: str, effects: Sequence[str]) -> None:
    """Tell what follows and ask; returns only on yes.

    Args:
        arguments: with `--yes` nothing is asked.
        what: the deed, such as `delete the image web`.
        effects: what is lost and what stays.

    Raises:
        CommandError: no, or nobody is there to answer.
    """
    for effect in effects:
        narrate(f"· {effect}")
    if arguments.yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandError(f"Nobody can be asked here: --yes is needed to {what}.", USAGE)
    print(f"{what[:1].upper()}{what[1:]}? [y/N] ", end="", file=sys.stderr, flush=True)
    answer = await asyncio.to_thread(sys.stdin.readline)
    if answer.strip().lower() not in ("y", "yes"):
        raise CommandError("Nothing was changed.", CANCELLED)


async def allow_change(arguments: Namespace, rack: OnRack, what: str) -> None:
    """Ask about a change that loses nothing, on a rack that is marked as production only.

    Raises:
        CommandError: no, or the profile is read-only.
    """
    rack.check_writable()
    if rack.is_production:
        await confirm_loss(arguments, what, ["This rack is marked as production."])
