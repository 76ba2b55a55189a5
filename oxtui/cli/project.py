"""`oxtui project`: the projects of a silo."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from oxtui.cli.on_rack import OnRack, add_json_flag, add_rack_flags, on_rack
from oxtui.cli.show import ago, show_all

HELP = "List the projects of the silo that you may see."


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list projects", description=HELP)
    add_json_flag(listing)
    add_rack_flags(listing)


def run(arguments: Namespace) -> int:
    """List; returns the exit code."""

    async def work(rack: OnRack) -> int:
        projects = await rack.projects(None)
        rows = [(each.name, each.description, ago(each.time_created), each.id) for each in projects]
        headings = ("NAME", "DESCRIPTION", "CREATED", "ID")
        none = "There is no project, or you may see none."
        show_all(projects, headings, rows, as_json=arguments.json, none=none)
        return 0

    return on_rack(arguments, work)
