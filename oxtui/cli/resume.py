"""`oxtui resume`: goes on with a session whose process ended."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace

from oxtui.cli.build import add_running
from oxtui.cli.durations import duration
from oxtui.cli.errors import exit_code
from oxtui.cli.session_argument import session_number
from oxtui.cli.variable_flags import add_variable_flags

HELP = """Go on with a session whose process ended, from the step that failed or was cut off, with the instance
that was kept or left. What is done is not done again: a build that failed at stop, snapshot or image is not provisioned
twice. The temporary key of a process that was killed is lost: another instance then gets the disk, or begins from a
checkpoint, and it is told which, and why. Values of sensitive variables are written down nowhere, so they are asked for
again, or given with -var.

After another failure everything is left as it is, to be resumed again, unless -on-error says otherwise.
`oxtui sessions` tells which sessions can go on. The exit code is as that of `oxtui build`."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options: those of `oxtui build` that are no part of what the session began with."""
    parser.add_argument(
        "session", metavar="SESSION", type=session_number, help="number of the session, or `last`"
    )
    parser.add_argument(
        "--template", choices=("file", "session"), default="",
        help="of a template that has changed since: go on with the file as it is now, or with the text that "
        "the session began with",
    )  # fmt: skip
    add_variable_flags(
        parser, "value of a sensitive variable, or another value", "further file with values"
    )
    parser.add_argument(
        "--settle", metavar="DURATION", type=duration, default=None,
        help="after which a creation that got no answer is taken for never made (10m)",
    )  # fmt: skip
    parser.add_argument(
        "--from", dest="beginning", choices=("auto", "disk", "checkpoint"), default="auto",
        help="what the next instance begins with where nobody can log in to the first any more: its disk as the "
        "process left it, or the last checkpoint of its work; auto takes whichever loses no work, and if neither "
        "does, the checkpoint (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--no-stops", dest="stops", action="store_false",
        help="do not stop for what the session was told to stop for; --break… still says where it does. Without "
        "it all of that holds on, failures only where --on-error is not given",
    )  # fmt: skip
    add_running(parser, on_error="abort")
    parser.add_argument(
        "--isolation", choices=("auto", "overlay", "chroot", "none"), default="auto",
        help="of a session on the demo rack: how its instances are kept apart from this machine (%(default)s)",
    )  # fmt: skip


def run(arguments: Namespace) -> int:
    """Resume; returns the exit code."""
    from oxtui.cli.resuming import resume_session

    code = asyncio.run(resume_session(arguments, os.environ, sys.stdout.write))
    return exit_code(code, packers=True)
