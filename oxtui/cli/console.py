"""`oxtui console`: expressions one by one, typed by somebody or sent by a program."""

from __future__ import annotations

import asyncio
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.cli.errors import FAILED
from oxtui.cli.standard_input import is_terminal, standard_input
from oxtui.cli.variable_flags import add_variable_flags

if TYPE_CHECKING:
    from oxtui.logs.redact import Redactor
    from oxtui.template.console import Console
    from oxtui.template.console.console import Language
    from oxtui.template.model import Template
    from oxtui.template.resolve import DataResolver
    from oxtui.template.stores import Stores

HELP = """Evaluate expressions as `packer console` does, with the variables, locals and data of a template.

On a terminal it asks for one expression after the other; `help` tells more. From a pipe every line is evaluated,
and the value of the last is printed; the exit code is 1 if one had no value. With --json each line is answered
with one line, whatever is in it: {"json": TEXT, "type": TYPE}, {"special": "+Inf", "type": TYPE} or
{"error": CLASS, "summary": TEXT}."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options, spelled as Packer's."""
    parser.add_argument(
        "template", metavar="PATH", nargs="?", type=Path,
        help="a .pkr.hcl, .pkr.json or legacy .json file, or a folder; without one there are only the functions",
    )  # fmt: skip
    add_variable_flags(parser)
    parser.add_argument("--json", action="store_true", help="answer each line with one of JSON")
    parser.add_argument(
        "--config-type", choices=("hcl2", "json"),
        help="language of the lines; by default that of the template, without one hcl2 or {{ }}",
    )  # fmt: skip


def run(arguments: Namespace) -> int:
    """Evaluate until the input ends; returns the exit code."""
    from oxtui.cli.console_modes import answer_all, evaluate_all, talk
    from oxtui.template.stores import Stores

    stores = Stores(os.environ)
    console = asyncio.run(_open(arguments, os.environ, stores))
    if console is None:
        return FAILED
    if arguments.json:
        return answer_all(console, standard_input())
    if is_terminal():
        return talk(console, stores)
    return evaluate_all(console, standard_input())


async def _open(arguments: Namespace, environ: Mapping[str, str], stores: Stores) -> Console | None:
    """The console of the template; None if that cannot be read. What is wrong with it is told."""
    from oxtui.cli.console_modes import complain
    from oxtui.logs.redact import Redactor
    from oxtui.template.console import Console
    from oxtui.template.load import load_template
    from oxtui.template.model import Template
    from oxtui.template.resolve import resolve_values
    from oxtui.template.variables import VariableInputs

    template = load_template(arguments.template) if arguments.template else Template(Path())
    inputs = VariableInputs(environ, arguments.variable_files, arguments.variables)
    redactor = Redactor()
    data = _data_resolver(template, redactor, environ)
    resolved = await resolve_values(template, inputs, data, stores)
    if not arguments.template:
        resolved.scope = replace(resolved.scope, variables={}, outer=None)
    console = Console(resolved, redactor, _language(arguments, template))
    complain(console, console.resolved.diagnostics)
    return None if template.has_errors else console


def _language(arguments: Namespace, template: Template) -> Language:
    """What lines are written in. Programs that send JSON get HCL unless they ask for the other."""
    if arguments.config_type == "json" or template.legacy is not None:
        return "json"
    free = not arguments.template and not arguments.config_type and not arguments.json
    return "either" if free else "hcl2"


def _data_resolver(
    template: Template, redactor: Redactor, environ: Mapping[str, str]
) -> DataResolver | None:
    """Who asks the rack for data; only a template that has some needs one."""
    if not template.data or template.has_errors:
        return None
    from oxtui.build.planner import data_resolver
    from oxtui.cli.reading import rack_of

    return data_resolver(rack_of(environ, redactor))
