"""`-machine-readable` of the commands that print text: Packer's records, one a line."""

from __future__ import annotations

import io
import sys
import time
from argparse import Namespace, _ActionsContainer
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout


def add_machine_readable(parser: _ActionsContainer) -> None:
    """Declare the flag."""
    parser.add_argument(
        "--machine-readable", action="store_true",
        help="write Packer's records: UNIX,TARGET,TYPE,DATA...",
    )  # fmt: skip


@contextmanager
def as_records(arguments: Namespace) -> Iterator[None]:
    """Each line that is printed in the block becomes a record, if the flag is given."""
    if not arguments.machine_readable:
        yield
        return
    from oxtui.build.report.machine_readable import ui_record

    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            yield
    finally:
        for line in printed.getvalue().splitlines():
            sys.stdout.write(ui_record(time.time(), "say", line) + "\n")
