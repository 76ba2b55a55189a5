"""`oxtui checkpoints`: the snapshots that builds start from again, and how to be rid of them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.errors import USAGE, CommandError
from oxtui.cli.setting_flags import settings_from

if TYPE_CHECKING:
    from oxtui.build.journal import Journal
    from oxtui.build.journal.checkpoint_rows import Checkpoint
    from oxtui.build.sweep import Sweeper, Swept
    from oxtui.settings import Settings

HELP = """List the checkpoints: snapshots of guests' disks that builds and rewinds start from, with the storage that
each takes of its silo's quota. `oxtui checkpoints prune` removes those that it is told to, snapshots included; what
cannot be removed is listed by `oxtui sweep` until it is. No build needs one: without it, it starts further back.

The exit code is 0, or 1 if something that was to go is still there."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "action", nargs="?", choices=["list", "prune"], default="list",
        help="list them (the default), or remove some",
    )  # fmt: skip
    parser.add_argument(
        "numbers", metavar="N", nargs="*", type=int, help="only these, by the numbers of the list"
    )
    parser.add_argument(
        "--template", metavar="NAME", help="only those of this template, by its path or file name"
    )
    parser.add_argument(
        "--older-than", metavar="DURATION", type=_duration,
        help="only those that no build has used for so long, such as 72h",
    )  # fmt: skip
    parser.add_argument("--all", action="store_true", help="prune: all of them")
    parser.add_argument("--dry-run", action="store_true", help="prune: say what would go")
    parser.add_argument("-y", "--yes", action="store_true", help="prune: do not ask")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--profile", metavar="NAME", default="", help="profile to use for the rack that it is for"
    )


def run(arguments: Namespace) -> int:
    """List or prune; returns the exit code."""
    from oxtui.build.journal import JournalError
    from oxtui.oxide.errors import OxideError

    settings = settings_from(arguments)
    told = (arguments.numbers, arguments.template, arguments.older_than is not None, arguments.all)
    if arguments.action == "prune" and not any(told):
        raise CommandError(
            "Which checkpoints? Name their numbers, or say --template, --older-than or --all.",
            USAGE,
        )
    try:
        return asyncio.run(_checkpoints(arguments, settings, os.environ))
    except (JournalError, OxideError) as error:
        raise CommandError(str(error)) from None


async def _checkpoints(arguments: Namespace, settings: Settings, environ: Mapping[str, str]) -> int:
    from oxtui.build.environment import journal_path
    from oxtui.build.journal import Journal
    from oxtui.cli.sweeper import sweeper_for
    from oxtui.logs.redact import Redactor

    path = journal_path(settings.paths.sessions)
    if not path.exists():
        _show([], arguments)
        return 0
    secrets = [value for value in (environ.get("OXIDE_TOKEN"),) if value]
    async with Journal.open(path, Redactor(secrets)) as journal, AsyncExitStack() as stack:
        chosen = _chosen(await journal.checkpoints(), arguments)
        if arguments.action == "list":
            _show(chosen, arguments)
            return 0
        _show(chosen, arguments)
        if arguments.dry_run or not chosen or not await _agreed(chosen, arguments):
            return 0
        sweeper = sweeper_for(settings, environ, journal, stack, profile=arguments.profile)
        return await _prune(chosen, journal, sweeper)


def _chosen(known: Sequence[Checkpoint], arguments: Namespace) -> list[Checkpoint]:
    """Those that are meant.

    Raises:
        CommandError: there is no checkpoint of a number that was named.
    """
    from oxtui.build.checkpoints.course import whole_name

    missing = set(arguments.numbers) - {each.number for each in known}
    if missing:
        names = ", ".join(map(str, sorted(missing)))
        raise CommandError(f"There is no checkpoint {names}; `oxtui checkpoints` lists all.")
    wanted = arguments.template
    if wanted is not None and Path(wanted).exists():
        wanted = whole_name(wanted)
    now, oldest = time.time(), arguments.older_than or 0.0
    return [
        each
        for each in known
        if (not arguments.numbers or each.number in arguments.numbers)
        and (wanted is None or wanted in (each.template, Path(each.template).name))
        and now - each.used >= oldest
    ]


async def _prune(chosen: Sequence[Checkpoint], journal: Journal, sweeper: Sweeper) -> int:
    """Gives them up and removes their snapshots, as sweep does."""
    from oxtui.build.disposal import leftover

    free = [each for each in chosen if not sweeper.folders.is_live(each.session)]
    for each in chosen:
        if each not in free:
            print(f"· stays: {each.name}: session {each.session}, which took it, is at work")
    for each in free:
        await journal.give_up_checkpoint(each.number, "pruned on request")
    wanted = {each.resource for each in free}
    records = await journal.resources(states=("intended", "created", "left"))
    left = [
        leftover(record, sweeper.kinds, sweeper.now())
        for record in records
        if record.number in wanted and not record.released
    ]
    done = await sweeper.remove(left, _swept)
    stuck = sum(not each.removed for each in done)
    if stuck:
        print(f"{stuck} could not be removed; `oxtui sweep` lists them with a command for each.")
    return 1 if stuck or len(free) < len(chosen) else 0


def _swept(done: Swept) -> None:
    from oxtui.logs.sanitise import plain

    name = done.leftover.record.name
    print(plain(f"✓ removed {name}" if done.removed else f"✗ still there: {name}: {done.reason}"))


async def _agreed(chosen: Sequence[Checkpoint], arguments: Namespace) -> bool:
    if arguments.yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError("Nobody can be asked here: say --yes to remove them.", USAGE)
    what = "this checkpoint" if len(chosen) == 1 else f"these {len(chosen)} checkpoints"
    print(f"Remove {what}? [y/N] ", end="", flush=True)
    answer = await asyncio.to_thread(sys.stdin.readline)
    return answer.strip().lower() in ("y", "yes")


def _show(chosen: Sequence[Checkpoint], arguments: Namespace) -> None:
    from oxtui.cli.ages import age
    from oxtui.cli.table import table

    if arguments.json:
        print(json.dumps({"checkpoints": list(map(_values, chosen))}, indent=2, ensure_ascii=False))
        return
    if not chosen:
        print("No checkpoint is kept.")
        return
    now = time.time()
    heads = ("N", "TEMPLATE", "BUILD", "BEHIND", "AGE", "LAST USED", "SIZE", "RACK", "SNAPSHOT")
    rows = [
        (
            str(each.number), each.template, each.build, each.title, age(now - each.taken),
            f"{age(now - each.used)} ago" if each.used > each.taken else "never",
            _gib(each.size), each.host, each.name,
        )
        for each in chosen
    ]  # fmt: skip
    for line in table(heads, rows):
        print(line)
    for each in chosen:
        if each.own:
            print(f"{each.number} is of session {each.session} alone: {each.own}.")
    total = _gib(sum(each.size for each in chosen))
    what = "1 checkpoint takes" if len(chosen) == 1 else f"{len(chosen)} checkpoints take"
    print(f"{what} {total} of storage.")


def _values(each: Checkpoint) -> dict[str, object]:
    return {
        "number": each.number,
        "key": each.key,
        "template": each.template,
        "build": each.build,
        "step": each.step,
        "title": each.title,
        "taken": each.taken,
        "used": each.used,
        "size": each.size,
        "host": each.host,
        "silo": each.silo,
        "project": each.project,
        "snapshot": each.id,
        "name": each.name,
        "session": each.session,
        "own": each.own,
    }


def _gib(size: int) -> str:
    return f"{size / 2**30:g} GiB"


def _duration(text: str) -> float:
    from oxtui.settings.kinds import Duration

    try:
        return Duration().read_text(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: expected {Duration.expected}") from None
