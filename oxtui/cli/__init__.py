"""The `oxtui` command.

Its first argument names a subcommand, of which only the module is imported; without one, or with
the path of a template, the screens open.
"""

from __future__ import annotations

import gc
import os
import select
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from oxtui.cli.commands import COMMANDS, SCREENS, Command
from oxtui.cli.errors import CANCELLED, FAILED, USAGE, CommandError, exit_code
from oxtui.cli.lost import lose
from oxtui.cli.parser import parse
from oxtui.settings.errors import SettingsError

__all__ = ["main"]

COLLECT_EVERY = (5_000, 50, 20)
"""New objects, and collections of the next younger generation, after which the garbage collector runs."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (`oxtui.cli.errors`)."""
    # What a command imports stays to its end; looking through it time and again is a quarter of its start.
    gc.set_threshold(*COLLECT_EVERY)
    words = list(sys.argv[1:] if argv is None else argv)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # it was closed before the command started
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - to the end of the process
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # who reads a log through a pipe reads along
    command, rest = _command(words)
    return exit_code(_code(command, rest, words), packers=command.packers)


def _command(words: list[str]) -> tuple[Command, list[str]]:
    """The subcommand, and the words that are for it."""
    if (
        words[:1]
        and words[0].lstrip("-") == "machine-readable"
        and words[0] != words[0].lstrip("-")
    ):
        words = [
            *words[1:2],
            words[0],
            *words[2:],
        ]  # Packer takes this one before the command as well
    named = {command.name: command for command in COMMANDS}
    command = named.get(words[0]) if words else None
    return (SCREENS, words) if command is None else (command, words[1:])


def _code(command: Command, rest: list[str], words: list[str]) -> int:
    try:
        module = command.load()
        code = module.run(parse(command, module, rest))
        sys.stdout.flush()
    except SystemExit as end:  # argparse has printed its help or its message
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return CANCELLED
    except Exception as error:
        return _failed(error, words)
    return code


def _failed(error: Exception, words: list[str]) -> int:
    """Tell of an error in one sentence; one that nobody expected leaves a report as well."""
    cause = error
    while isinstance(cause, ExceptionGroup) and len(cause.exceptions) == 1:
        cause = cause.exceptions[0]  # a task group wraps even a single error
    if isinstance(cause, CommandError):
        return _complain(str(cause), cause.code)
    if isinstance(cause, SettingsError):
        return _complain(str(cause), USAGE)
    if _reader_is_gone():
        return FAILED
    from oxtui.cli.crash import report

    return _complain(report(error, words, os.environ), FAILED)


def _complain(message: str, code: int) -> int:
    from oxtui.logs.sanitise import plain_lines

    print(f"oxtui: {plain_lines(message)}", file=sys.stderr)
    return code


def _reader_is_gone() -> bool:
    """Whether standard output is a pipe that nobody reads any more, as after `oxtui info | head -1`."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        gone = any(event & select.POLLERR for _, event in poll.poll(0))
    except (OSError, ValueError):  # standard output is closed, or no file at all
        return False
    if gone:
        lose(sys.stdout)
    return gone
