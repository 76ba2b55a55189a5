"""The flags that give values to the variables of a template."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path


def add_variable_flags(
    parser: ArgumentParser,
    value: str = "value of a variable of the template",
    file: str = "file with values of variables",
) -> None:
    """Declare `-var` and `-var-file`, as `variables` and `variable_files`; `value` and `file` say what they are."""
    parser.add_argument(
        "--var", dest="variables", metavar="NAME=VALUE", action="append", default=[],
        help=f"{value}; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--var-file", dest="variable_files", metavar="FILE", type=Path, action="append", default=[],
        help=f"{file}; may be given again",
    )  # fmt: skip
