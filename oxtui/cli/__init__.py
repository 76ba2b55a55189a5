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

from oxtui.cli.commands import COMMANDS, SCREENS
from oxtui.cli.errors import CANCELLED, FAILED, USAGE, CommandError
from oxtui.cli.parser import parse
from oxtui.settings.errors import SettingsError

__all__ = ["main"]

COLLECT_EVERY = (5_000, 50, 20)
"""New objects, and collections of the next younger generation, after which the garbage collector runs."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 ok, 1 failed, 2 usage, 130 cancelled."""
    # What a command imports stays to its end; looking through it time and again is a quarter of its start.
    gc.set_threshold(*COLLECT_EVERY)
    words = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # who reads a log through a pipe reads along
    try:
        code = _run(words)
        sys.stdout.flush()
    except SystemExit as end:  # argparse has printed its help or its message
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return CANCELLED
    except Exception as error:
        return _failed(error, words)
    return code


def _run(words: list[str]) -> int:
    named = {command.name: command for command in COMMANDS}
    command = named.get(words[0]) if words else None
    if command is None:
        command = SCREENS
    else:
        words = words[1:]
    module = command.load()
    return module.run(parse(command, module, words))


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
    """Whether standard output is a pipe that nobody reads any more, as after `oxtui info | head -1`.

    Python would complain about it a second time at exit, so what is left goes nowhere.
    """
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        gone = any(event & select.POLLERR for _, event in poll.poll(0))
    except (OSError, ValueError):  # standard output is closed, or no file at all
        return False
    if gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return gone
