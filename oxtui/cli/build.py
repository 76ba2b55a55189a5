"""`oxtui build`: runs a template without a screen."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace

from oxtui.cli.durations import time_span
from oxtui.cli.machine_readable import add_machine_readable
from oxtui.cli.packer_flags import add_accepted
from oxtui.cli.stop_flags import add_stops
from oxtui.cli.template_flags import add_selection, add_template

HELP = """Build the images that a template describes, writing an append-only log in Packer's form to standard output.

The exit code is 0 only if every build succeeded, else 1, also for wrong usage and where you cancelled. Ctrl-C once
cleans up, twice leaves at once and says what `oxtui sweep` will find. On a terminal, breakpoints wait for Enter.
`oxtui build --json-types` lists what --json writes.

Where checkpoints were taken (the setting checkpoints.policy, or --checkpoints), a build of the same template starts
from the last one that fits: nothing that led to it has changed, files that steps upload included. Each step that is
reused is told, and why the first one that runs is not. Comments right above a provisioner, which stock Packer passes
over, say more of it: `# oxtui: cache = false` runs it always, `# oxtui: cache_ttl = "24h"` when it ran longer ago
than that, `# oxtui: cache_key = "2"` when that text was another one. A shell-local, which works on this machine, always
runs, with all behind it; `# oxtui: cache = true` lets it be passed over."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options, spelled as Packer's."""
    add_template(parser)
    add_selection(parser, "run")
    parser.add_argument(
        "--force", action="store_true", help="replace images and files of the same name"
    )
    parser.add_argument(
        "--promote", action=BooleanOptionalAction,
        help="promote each new image to the silo in the end (the setting build.promote)",
    )  # fmt: skip
    add_running(parser, on_error="cleanup")
    _add_others(parser)


def add_running(parser: ArgumentParser, *, on_error: str) -> None:
    """Declare how builds run, and how they are told; `on_error` is what --on-error is where it is not given."""
    from oxtui.cli.json_types import JsonTypes

    parser.add_argument(
        "--changes", action=BooleanOptionalAction,
        help="look at the guest before and after the provisioners and tell what changed in the image "
        "(the setting build.changes)",
    )  # fmt: skip
    parser.add_argument(
        "--on-error", choices=["cleanup", "abort", "ask", "run-cleanup-provisioner"],
        help="after a failure: clean up, leave everything, ask (on a terminal), or run the cleanup "
        f"provisioner and leave the rest ({on_error})",
    )  # fmt: skip
    parser.add_argument(
        "--debug", action="store_true",
        help="on a terminal, wait for Enter after each step, before each provisioner and before cleanup; "
        "builds run one by one",
    )  # fmt: skip
    parser.add_argument(
        "--build-timeout", metavar="DURATION", type=time_span,
        help="end all builds after so long, such as 90m, clean up, and exit with 1",
    )  # fmt: skip
    add_stops(parser)
    parser.add_argument(
        "--no-cache", dest="cache", action="store_false",
        help="start from the source image, whatever checkpoints there are",
    )  # fmt: skip
    parser.add_argument(
        "--checkpoints", choices=["off", "breakpoints", "each", "slow"],
        help="behind which provisioners the disk is kept as a snapshot, which costs its size of the silo's "
        "storage quota (the setting checkpoints.policy)",
    )  # fmt: skip
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="write one JSON record a line")
    add_machine_readable(forms)
    parser.add_argument(
        "--json-types", action=JsonTypes, nargs=0, help="list the records of --json, and exit"
    )
    parser.add_argument(
        "--color", action=BooleanOptionalAction,
        help="write colour, or none; by default on a terminal alone, unless PACKER_NO_COLOR or NO_COLOR is set",
    )  # fmt: skip
    parser.add_argument(
        "--timestamp-ui", action="store_true", help="write the local time before what a build says"
    )
    parser.add_argument(
        "--parallel-builds", metavar="N", type=_count, default=0,
        help="run at most N builds at a time, in the order of the template; 0 runs all of them",
    )  # fmt: skip


def _add_others(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--warn-on-undeclared-var", dest="warn_undeclared", action="store_true",
        help="warn of values in variable files for which the template has no variable",
    )  # fmt: skip
    add_accepted(parser)
    parser.add_argument(
        "--skip-enforcement", action="store_true",
        help="accepted as in Packer; oxtui asks no HCP registry",
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
