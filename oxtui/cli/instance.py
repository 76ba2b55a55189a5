"""`oxtui instance`: list, start, stop and delete instances, and look at their consoles."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from oxtui.cli.confirm import add_yes_flag
from oxtui.cli.on_rack import add_json_flag, add_project_flag, add_rack_flags, on_rack

if TYPE_CHECKING:
    from oxtui.cli.on_rack import Work

HELP = """Instances of projects. INSTANCE is a name, for which --project is needed, or an id."""

_CONSOLE = """Show the serial console of a running instance: what it wrote so far, then what it writes.

On a terminal your keys go to the instance; ctrl+] leaves. Otherwise the output is copied until the console
ends or Ctrl-C."""


def configure(parser: ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list instances")
    add_project_flag(listing, "only this project's")
    add_json_flag(listing)

    console = actions.add_parser("console", help="serial console", description=_CONSOLE)
    console.add_argument("instance", metavar="INSTANCE", help="name or id")
    console.add_argument(
        "--history", action="store_true", help="print what it wrote so far, and end"
    )
    stopping = actions.add_parser("stop", help="stop instances, and wait until they are")
    starting = actions.add_parser("start", help="start instances, and wait until they run")
    deleting = actions.add_parser("delete", help="delete stopped instances; disks are kept")
    for each in (stopping, starting, deleting):
        each.add_argument("instances", metavar="INSTANCE", nargs="+", help="name or id")
        add_yes_flag(each)
    for each in (stopping, starting):
        each.add_argument("--no-wait", action="store_true", help="only ask for it")
    deleting.add_argument("--stop", action="store_true", help="stop it first, if it runs")
    deleting.add_argument("--boot-disk", action="store_true", help="delete its boot disk too")
    for each in (console, stopping, starting, deleting):
        add_project_flag(each, "project that has it; not needed with an id")
    for each in actions.choices.values():
        add_rack_flags(each)


def run(arguments: Namespace) -> int:
    """Do it; returns the exit code."""
    return on_rack(arguments, _work(arguments))


def _work(arguments: Namespace) -> Work:
    if arguments.action == "console":
        from oxtui.cli.serial_console import show_console

        return lambda rack: show_console(arguments, rack)
    from oxtui.cli import instances

    work = {
        "list": instances.list_instances,
        "stop": instances.stop_instances,
        "start": instances.start_instances,
        "delete": instances.delete_instances,
    }[arguments.action]
    return lambda rack: work(arguments, rack)
