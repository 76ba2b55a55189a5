"""`oxtui` without a subcommand: the screens."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui import __version__
from oxtui.cli.commands import COMMANDS
from oxtui.cli.errors import EXIT_CODES, FAILED, UNKNOWN_COMMAND, USAGE, CommandError
from oxtui.cli.setting_flags import settings_from
from oxtui.settings.errors import nearest

if TYPE_CHECKING:
    from oxtui.settings import Settings

FRAMES = "120"
"""Frames a second at most: a key's second frame comes 8 ms after the first, not 16 as Textual would have it.
Logs are drawn at a rate of their own, and what does not change costs no frame."""


def _help() -> str:
    width = max(len(command.name) for command in COMMANDS)
    commands = "\n".join(f"  {each.name:<{width}}  {each.help}" for each in COMMANDS)
    return f"""A terminal workbench for machine images on an Oxide rack.

Without a command the screens open, with the template at PATH if one is named:
a file, or a folder of files.

commands (oxtui COMMAND --help tells more):
{commands}

Long options may be written with one dash, as for Packer: -on-error=ask.

{EXIT_CODES}"""


HELP = _help()


def configure(parser: ArgumentParser) -> None:
    """A template, or a folder of some, to open, and the version."""
    parser.usage = "oxtui [COMMAND] [OPTIONS] | oxtui [PATH]"
    parser.add_argument("path", nargs="?", metavar="PATH", type=_template)
    parser.add_argument("--version", action="version", version=f"oxtui v{__version__}")


def run(arguments: Namespace) -> int:
    """Open the screens; raises CommandError where there is no terminal to draw on."""
    settings = settings_from(arguments)
    _prepare_terminal()
    from screens.app import run as run_screens

    return run_screens(settings, arguments.path)


def open_demo(arguments: Namespace) -> int:
    """Open the screens on the demo rack; raises CommandError as `run` does."""
    settings = settings_from(arguments)
    _prepare_terminal()
    from screens.app import run as run_screens
    from screens.connection import Demo

    return run_screens(settings, start=Demo())


def open_at(arguments: Namespace, screen: str, names: tuple[str, ...]) -> int:
    """Open a screen, without connecting to a rack; raises CommandError as `run` does."""
    return _open_place(settings_from(arguments), screen, names)


def open_session(settings: Settings, number: int) -> int:
    """Open the screens on a session; raises CommandError as `run` does."""
    return _open_place(settings, "build", (str(number),))


def _open_place(settings: Settings, screen: str, names: tuple[str, ...]) -> int:
    _prepare_terminal()
    from screens.app import run as run_screens
    from screens.places import Place

    return run_screens(settings, place=Place(screen, names))


def _prepare_terminal() -> None:
    """Raises CommandError without a terminal; runs before Textual is imported, which reads its settings then."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError(
            "the screens need a terminal, and standard input or output is none; "
            "`oxtui --help` lists the commands that work without one",
            USAGE,
        )
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)


def _template(text: str) -> Path:
    """A template that exists, or a folder of some; another word is more likely a misspelt command."""
    names = [command.name for command in COMMANDS]
    if text in names:
        raise CommandError(f"write the command first: oxtui {text} [OPTIONS]", USAGE)
    path = Path(text)
    if path.is_dir():
        _check_folder(path)
    if path.exists():
        return path
    if "/" in text or "." in text:
        begin = "oxtui alone opens the screens, where n on an image begins a template"
        raise CommandError(f"{text}: no such template; {begin}", USAGE)
    told = f'no command and no file is named "{text}"; {nearest(text, names)}'
    raise CommandError(told, UNKNOWN_COMMAND)


def _check_folder(folder: Path) -> None:
    from oxtui.template.read.files import HCL_SUFFIX, template_files

    try:
        found = template_files(folder)
    except OSError as problem:
        raise CommandError(f"{folder}: {problem.strerror}", FAILED) from problem
    if not found:
        raise CommandError(f"{folder}: no file in this folder ends in {HCL_SUFFIX}", USAGE)
