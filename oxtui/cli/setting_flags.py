"""The flag that every subcommand has: a setting for this one run."""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from oxtui.settings import Settings, load


def add_setting_flags(parser: ArgumentParser) -> None:
    """Declare `--set`."""
    parser.add_argument(
        "--set",
        dest="setting_flags",
        metavar="SECTION.KEY=VALUE",
        type=_pair,
        action="append",
        default=[],
        help="a setting for this run, such as waits.ssh=2m; `oxtui info` lists them",
    )


def settings_from(arguments: Namespace) -> Settings:
    """The settings that hold for this run: file, environment, then `--set`.

    Raises SettingsError, which ends `oxtui` with exit code 2 if nobody catches it.
    """
    return load(os.environ, dict(arguments.setting_flags))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ArgumentTypeError(f"{text!r} has no =; write SECTION.KEY=VALUE")
    return name, value
