"""The table of subcommands."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast


class CommandModule(Protocol):
    """What the module of a subcommand offers."""

    HELP: str
    """What `oxtui NAME --help` says before it lists the options."""

    def configure(self, parser: ArgumentParser) -> None:
        """Declare the options."""

    def run(self, arguments: Namespace) -> int:
        """Do it and return the exit code."""
        ...


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand; its module is imported only when it is chosen."""

    name: str
    help: str
    """One line for `oxtui --help`."""
    module: str
    packers: bool = False
    """Packer has a command of that name, whose exit codes it has then."""

    def load(self) -> CommandModule:
        """Import the module."""
        return cast("CommandModule", import_module(self.module))


SCREENS = Command("", "open the screens", "oxtui.cli.open_screens")
"""What is run when no subcommand is named."""

COMMANDS = (
    Command("attach", "follow, steer and enter a session that runs elsewhere", "oxtui.cli.attach"),
    Command(
        "build", "build the images of a template, without a screen", "oxtui.cli.build", packers=True
    ),
    Command("bundle", "pack a session into a file for a colleague", "oxtui.cli.bundle"),
    Command("checkpoints", "list and prune what builds start from again", "oxtui.cli.checkpoints"),
    Command("completion", "print what completes commands in a shell", "oxtui.cli.completion"),
    Command(
        "console",
        "evaluate expressions, with the values of a template",
        "oxtui.cli.console",
        packers=True,
    ),
    Command("demo", "try oxtui on the built-in simulated rack", "oxtui.cli.demo"),
    Command("image", "list, upload, promote, delete and boot images", "oxtui.cli.image"),
    Command("export", "write a session as a template for stock Packer", "oxtui.cli.export"),
    Command("fix", "bring old legacy JSON templates up to date", "oxtui.cli.fix", packers=True),
    Command("fmt", "lay out templates as `packer fmt` does", "oxtui.cli.fmt", packers=True),
    Command(
        "hcl2_upgrade",
        "write a legacy JSON template anew in HCL",
        "oxtui.cli.hcl2_upgrade",
        packers=True,
    ),
    Command("info", "list every path and setting with its source", "oxtui.cli.info"),
    Command(
        "init", "tell which components of a template are built in", "oxtui.cli.init", packers=True
    ),
    Command(
        "inspect",
        "print what is in a template, without building it",
        "oxtui.cli.inspect",
        packers=True,
    ),
    Command("instance", "list, stop and delete instances, see consoles", "oxtui.cli.instance"),
    Command("keys", "list every key of the screens and what it does", "oxtui.cli.keys"),
    Command("login", "log in to a rack in a browser", "oxtui.cli.login"),
    Command("logout", "forget a login, and revoke its token if asked to", "oxtui.cli.logout"),
    Command("maas", "upload and list images of MAAS", "oxtui.cli.maas"),
    Command("project", "list the projects of a silo", "oxtui.cli.project"),
    Command("rack", "serve a simulated Oxide rack, or Outscale", "oxtui.cli.rack"),
    Command("replay", "play a session again, or one from a file", "oxtui.cli.replay"),
    Command("resume", "go on with a session whose process ended", "oxtui.cli.resume"),
    Command("sessions", "list past and running sessions", "oxtui.cli.sessions"),
    Command("ssh-key", "list, add and delete your public SSH keys", "oxtui.cli.ssh_key"),
    Command("sweep", "list and remove what dead sessions left behind", "oxtui.cli.sweep"),
    Command(
        "validate",
        "tell every error of a template, without a rack",
        "oxtui.cli.validate",
        packers=True,
    ),
    Command("version", "print the version", "oxtui.cli.version", packers=True),
)
