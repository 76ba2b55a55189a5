"""The options of every command that reads a template, spelled as Packer's."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.standard_input import standard_input
from oxtui.cli.variable_flags import add_variable_flags
from oxtui.template.variables import VariableInputs

if TYPE_CHECKING:
    from oxtui.build.selection import Selection
    from oxtui.template.model import Template


def add_template(parser: ArgumentParser) -> None:
    """Declare the template, and where values of its variables come from."""
    parser.add_argument(
        "template",
        metavar="TEMPLATE",
        help="a .pkr.hcl, .pkr.json or legacy .json file, a folder, or - for standard input",
    )
    add_variable_flags(parser)


def read(name: str) -> Template:
    """Reads a template; `-` is standard input, which holds a legacy template, or HCL (packer.md 0)."""
    from oxtui.template.load import load_template, parse_template

    if name != "-":
        path = Path(name)
        template = load_template(path)
        if path.is_dir():
            template.root = name
        return template
    return parse_template(standard_input().read().decode(errors="replace"), "<stdin>")


def add_selection(parser: ArgumentParser, verb: str) -> None:
    """Declare `-only` and `-except`; `verb` says what is done to the chosen builds."""
    parser.add_argument(
        "--only", metavar="PATTERN", default="",
        help=f"{verb} only builds of these names, comma-separated",
    )  # fmt: skip
    parser.add_argument(
        "--except", dest="excluded", metavar="PATTERN", default="",
        help=f"{verb} no builds of these names, nor post-processors from one of them on, "
        "comma-separated",
    )  # fmt: skip


def inputs(
    arguments: Namespace, environ: Mapping[str, str], *, warn_undeclared: bool = False
) -> VariableInputs:
    """Where the values of the variables come from."""
    return VariableInputs(
        environ, arguments.variable_files, arguments.variables, warn_undeclared=warn_undeclared
    )


def selection(arguments: Namespace) -> Selection:
    """Which builds are meant."""
    from oxtui.build.selection import Selection

    return Selection(_patterns(arguments.only), _patterns(arguments.excluded))


def _patterns(text: str) -> list[str]:
    return [pattern.strip() for pattern in text.split(",") if pattern.strip()]
