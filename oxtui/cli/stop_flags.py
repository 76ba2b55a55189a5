"""Flags that say where a build stops, so that somebody can look into it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING

from oxtui.cli.durations import time_span

if TYPE_CHECKING:
    from oxtui.build.stops import Stopping
    from oxtui.component.debugger_events import StopKind
    from oxtui.component.events import BreakpointPlace

LONGEST_STOP = 3600.0
"""Seconds that a build waits where nobody is, unless another time is given."""


def add_stops(parser: ArgumentParser) -> None:
    """Declare them."""
    group = parser.add_argument_group(
        "stops",
        "A build that stops waits for its terminal, or for `oxtui attach`. Where it has no terminal it "
        "waits for --break-timeout, and is then ended as --on-error says.",
    )
    group.add_argument(
        "--break", dest="breaks", metavar="STEP", action="append", default=[], type=_step,
        help="stop before a step (its id, number, title or name), or behind it (after:STEP)",
    )  # fmt: skip
    group.add_argument("--break-on-error", action="store_true", help="stop when a step fails")
    group.add_argument(
        "--break-on-cleanup", action="store_true",
        help="stop before the clean-up, whatever became of the build",
    )  # fmt: skip
    group.add_argument(
        "--break-on-output", metavar="REGEX", action="append", default=[], type=_regex,
        help="stop behind a step that prints a line in which this is found",
    )  # fmt: skip
    group.add_argument(
        "--break-on-exit", metavar="STATUS", action="append", default=[], type=_statuses,
        help="stop behind a script that ends with such a status (3,64-78), even an accepted one",
    )  # fmt: skip
    group.add_argument(
        "--break-timeout", metavar="DURATION", type=time_span,
        help="how long a stop waits for an answer (1h where there is no terminal)",
    )  # fmt: skip


def stopping(arguments: Namespace, *, attended: bool) -> Stopping:
    """The stops that were asked for; `attended`: somebody is at the terminal."""
    from oxtui.build.stops import Stopping

    limit: float | None = arguments.break_timeout
    return Stopping(
        steps=tuple(arguments.breaks),
        error=arguments.break_on_error,
        cleanup=arguments.break_on_cleanup,
        outputs=tuple(arguments.break_on_output),
        exits=tuple(arguments.break_on_exit),
        seconds=LONGEST_STOP if limit is None and not attended else limit,
    )


def _step(text: str) -> tuple[BreakpointPlace, str]:
    place, colon, step = text.partition(":")
    if colon and place in ("before", "after"):
        return ("after" if place == "after" else "before"), step
    return "before", text


def _regex(text: str) -> str:
    return _checked("output", text)


def _statuses(text: str) -> str:
    return _checked("exit", text)


def _checked(kind: StopKind, text: str) -> str:
    from oxtui.build.stops import stop_problem

    if problem := stop_problem(kind, text):
        raise ArgumentTypeError(problem)
    return text
