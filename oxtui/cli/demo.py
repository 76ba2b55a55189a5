"""`oxtui demo`: the built-in simulated rack, in the screens or, without a terminal, as one proven build."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace

HELP = """Try oxtui without a rack.

On a terminal this opens the screens on the built-in simulated rack. Otherwise it builds the bundled example there,
then starts an instance from the new image and reads back a file that the build wrote.
The exit code is 0 only if the build succeeded and the file is as it should be."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--headless", action="store_true", help="build and prove the example, also on a terminal"
    )
    parser.add_argument("--json", action="store_true", help="write one JSON record a line")
    parser.add_argument(
        "--isolation",
        choices=("auto", "overlay", "chroot", "none"),
        default="auto",
        help="how the rack's instances are kept apart from this machine",
    )
    parser.add_argument("--show", action="store_true", help="print the example's template and end")


def run(arguments: Namespace) -> int:
    """Open the screens, or build and prove; returns the exit code."""
    if arguments.show:
        from oxtui.examples import example

        print(example("demo.pkr.hcl"), end="")
        return 0
    if sys.stdout.isatty() and not arguments.headless:
        from oxtui.cli import open_screens

        return open_screens.open_demo(arguments)
    from oxtui.cli.proof import build_and_prove

    return asyncio.run(build_and_prove(arguments, os.environ, sys.stdout.write))
