"""`oxtui inspect`: what is in a template."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, Namespace

from oxtui.cli.machine_readable import add_machine_readable, as_records
from oxtui.cli.packer_flags import add_accepted
from oxtui.cli.template_flags import add_template

HELP = """Print the variables of a template with their values, its builds, and what is done in them, as Packer does.

Values that are not known are <unknown>, secrets and what is made of them <sensitive>. Where locals may need them,
data sources are looked up on the rack; nothing is made."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options, spelled as Packer's."""
    add_template(parser)
    add_accepted(parser)
    add_machine_readable(parser)


def run(arguments: Namespace) -> int:
    """Print it; returns the exit code."""
    from oxtui.cli.reading import inspect

    with as_records(arguments):
        return asyncio.run(inspect(arguments, os.environ))
