"""The flags that give values to the variables of a template."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path


def add_variable_flags(parser: ArgumentParser) -> None:
    """Declare `-var` and `-var-file`, as `variables` and `variable_files`."""
    parser.add_argument(
        "--var", dest="variables", metavar="NAME=VALUE", action="append", default=[],
        help="value of a variable of the template; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--var-file", dest="variable_files", metavar="FILE", type=Path, action="append", default=[],
        help="file with values of variables; may be given again",
    )  # fmt: skip
