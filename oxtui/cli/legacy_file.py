"""The legacy template that a command is given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from oxtui.cli.errors import CommandError
from oxtui.cli.telling import refuse

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from oxtui.template.hcl.source import SourceFile

_HCL: Final = (".hcl", ".pkr.json")


def add_legacy_template(parser: ArgumentParser) -> None:
    """Declare the template."""
    parser.add_argument("template", metavar="TEMPLATE", help="a legacy template, a .json file")


def legacy_source(name: str) -> SourceFile | None:
    """The text of the file; None, and the problem told, where it cannot be read.

    Raises CommandError for one that is HCL by its name.
    """
    from oxtui.template.read.files import read_text

    if name.endswith(_HCL):
        raise CommandError(f"{name} is HCL already; name a legacy template, a .json file.")
    source, problems = read_text(Path(name), name)
    if source is None or problems:
        refuse(problems)
        return None
    return source
