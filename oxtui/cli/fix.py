"""`oxtui fix`: old legacy JSON templates brought up to date."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, Namespace

from oxtui.cli.errors import FAILED
from oxtui.cli.legacy_file import add_legacy_template, legacy_source
from oxtui.cli.telling import complain, put, refuse
from oxtui.template.legacy.fixes import FIXES, fix_template

_LIST = "\n".join(f"  {fix.name:<27} {fix.help}" for fix in FIXES if fix.help)
HELP = f"""Bring a legacy JSON template up to date, as `packer fix` does, and print it.

The template itself stays as it is. The fixed one is printed with its keys sorted, and then checked; what is
wrong with it is told on standard error. The exit code is 0 if nothing is, else 1.

What is fixed, in this order:

{_LIST}"""


def configure(parser: ArgumentParser) -> None:
    """Declare the options, spelled as Packer's."""
    add_legacy_template(parser)
    parser.add_argument(
        "--validate", action=BooleanOptionalAction, default=True,
        help="check the fixed template; -validate=false does not",
    )  # fmt: skip


def run(arguments: Namespace) -> int:
    """Fix and print; returns the exit code."""
    from oxtui.template.hcl.diagnostic import has_errors
    from oxtui.template.hcl.source import SourceFile
    from oxtui.template.legacy.read import read_legacy

    source = legacy_source(arguments.template)
    if source is None:
        return FAILED
    fixed = fix_template(source)
    if fixed.text is None:
        return refuse(fixed.diagnostics)
    put(f"{fixed.text}\n")
    for note in fixed.notes:
        complain(f"oxtui: {source.name}: {note}")
    if not arguments.validate:
        return 0
    _, problems = read_legacy(SourceFile(f"{source.name} (fixed)", fixed.text))
    if not has_errors(problems):
        return 0
    refuse(problems)
    return complain(
        "oxtui: The fixed template is not valid, as is told above. Correct it in "
        f"{source.name}, then fix that again; -validate=false leaves this check out."
    )
