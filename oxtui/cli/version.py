"""`oxtui version`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from oxtui import __version__

HELP = "Print the version of oxtui."


def configure(parser: ArgumentParser) -> None:
    """It has no options of its own."""


def run(arguments: Namespace) -> int:
    """Print one line."""
    print(f"oxtui {__version__}")
    return 0
