"""`oxtui build`: runs a template without a screen."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace

from oxtui.cli.template_flags import add_selection, add_template

HELP = """Build the images that a template describes, writing an append-only log.

The exit code is 0 only if every build succeeded; 1 if one failed or the template has errors, 2 for wrong usage,
130 if you cancelled. Ctrl-C once cleans up, twice leaves at once and says what `oxtui sweep` will find."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options, spelled as Packer's."""
    add_template(parser)
    add_selection(parser, "run")
    parser.add_argument("--force", action="store_true", help="replace images of the same name")
    parser.add_argument(
        "--promote", action=BooleanOptionalAction,
        help="promote each new image to the silo in the end (the setting build.promote)",
    )  # fmt: skip
    parser.add_argument(
        "--on-error", choices=["cleanup", "abort", "ask"], default="cleanup",
        help="after a failure: clean up, leave everything, or ask (on a terminal)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="write one JSON record a line")
    parser.add_argument(
        "--color", action=BooleanOptionalAction,
        help="write colour, or none; by default on a terminal alone",
    )  # fmt: skip
    parser.add_argument(
        "--parallel-builds", metavar="N", type=_count, default=0,
        help="run at most N builds at a time, in the order of the template; 0 runs all of them",
    )  # fmt: skip
    parser.add_argument(
        "--demo",
        action="store_true",
        help="build on the built-in simulated rack, not on a real one",
    )
    parser.add_argument(
        "--isolation", choices=("auto", "overlay", "chroot", "none"), default="auto",
        help="with --demo: how its instances are kept apart from this machine (%(default)s)",
    )  # fmt: skip


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f'"{text}" is no number of builds; write 0 or more')
    return int(text)


def run(arguments: Namespace) -> int:
    """Plan and run; returns the exit code."""
    from oxtui.cli.headless import build_template

    return asyncio.run(build_template(arguments, os.environ, sys.stdout.write))
