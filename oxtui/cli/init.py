"""`oxtui init`: which components of a template are built in, and which need Packer."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser, Namespace
from pathlib import Path

from oxtui.cli.errors import FAILED
from oxtui.cli.machine_readable import add_machine_readable, as_records
from oxtui.cli.telling import refuse

HELP = """Tell which components of a template are built in, and which Packer would have to bring.

Nothing is fetched: oxtui brings its components along. The exit code is 1 if a component needs packer and there is
none on PATH, else 0."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options, spelled as Packer's."""
    parser.add_argument(
        "template",
        metavar="TEMPLATE",
        help="a .pkr.hcl, .pkr.json or legacy .json file, or a folder",
    )
    for flag in ("--upgrade", "--force"):
        parser.add_argument(
            flag, action="store_true", help="accepted as in Packer; oxtui fetches nothing"
        )
    add_machine_readable(parser)


def run(arguments: Namespace) -> int:
    """Tell; returns the exit code."""
    from oxtui.cli.components import needs
    from oxtui.cli.table import table
    from oxtui.logs.sanitise import plain
    from oxtui.template.hcl.diagnostic import has_errors
    from oxtui.template.load import load_template

    template = load_template(Path(arguments.template))
    if has_errors(template.diagnostics):
        return refuse(template.diagnostics)
    found = needs(template)
    rows = [(each.name, each.kind, each.provided) for each in found]
    lines = list(table(("COMPONENT", "KIND", "FROM"), rows)) if rows else ["No component is used."]
    packer = shutil.which("packer")
    missing = [each.name for each in found if not each.built_in]
    if missing:
        what = (
            f"{', '.join(dict.fromkeys(missing))} {'needs' if len(missing) == 1 else 'need'} packer"
        )
        where = packer or "which is not on PATH: install it, and run `packer init` of this template"
        lines.append(f"{what}, {where}.")
    with as_records(arguments):
        print("\n".join(map(plain, lines)))
    return FAILED if missing and packer is None else 0
