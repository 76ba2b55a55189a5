"""`oxtui validate`: every error of a template at once, without a rack."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, BooleanOptionalAction, Namespace

from oxtui.cli.machine_readable import add_machine_readable, as_records
from oxtui.cli.packer_flags import add_accepted
from oxtui.cli.template_flags import add_selection, add_template

HELP = """Check a template and tell all of its errors and warnings, each with its place.

Nothing is made and no rack is asked, unless -evaluate-datasources says so: without it, what depends on a
data source is not known and not complained about. Functions such as vault ask their stores, as in Packer.
Components that oxtui does not have are for the installed packer to check, which is asked as well.
The exit code is 0 if there is no error, else 1."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options, spelled as Packer's."""
    add_template(parser)
    add_selection(parser, "check")
    parser.add_argument(
        "--syntax-only",
        action="store_true",
        help="check only what can be told without evaluating anything",
    )
    parser.add_argument(
        "--evaluate-datasources",
        action="store_true",
        help="look data sources up, on the rack or where they say",
    )
    parser.add_argument(
        "--packer", action=BooleanOptionalAction, default=True,
        help="ask packer about a template with components that oxtui does not have",
    )  # fmt: skip
    parser.add_argument(
        "--no-warn-undeclared-var", dest="warn_undeclared", action="store_false",
        help="no warning of lines in variable files that no variable block declares",
    )  # fmt: skip
    add_accepted(parser)
    add_machine_readable(parser)


def run(arguments: Namespace) -> int:
    """Check and tell; returns the exit code."""
    from oxtui.cli.reading import validate

    with as_records(arguments):
        return asyncio.run(validate(arguments, os.environ))
