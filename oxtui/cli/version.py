"""`oxtui version`."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace

from oxtui import __version__
from oxtui.cli.machine_readable import add_machine_readable

HELP = "Print the version of oxtui, and of the Packer whose templates it reads."


def configure(parser: ArgumentParser) -> None:
    """How to print it."""
    add_machine_readable(parser)


def run(arguments: Namespace) -> int:
    """Print it."""
    from oxtui.template.read.versions import PACKER_VERSION

    text = f"oxtui v{__version__}"
    if not arguments.machine_readable:
        print(f"{text}\nReads templates as Packer v{PACKER_VERSION} does.")
        return 0
    from oxtui.build.report.machine_readable import record, ui_record

    now = time.time()
    # "version-prelease" is how Packer spells it, and what its readers look for (packer.md c01).
    for kind, value in (("version", __version__), ("version-prelease", ""), ("version-commit", "")):
        print(record(now, "", kind, value))
    print(ui_record(now, "say", text))
    return 0
