"""Flags that Packer's commands take and that mean nothing for oxtui, so that scripts need no change."""

from __future__ import annotations

from argparse import ArgumentParser


def add_accepted(parser: ArgumentParser) -> None:
    """Declare those of all commands that read a template, each with the reason."""
    parser.add_argument(
        "--ignore-prerelease-plugins", action="store_true",
        help="accepted as in Packer; oxtui loads no plugins",
    )  # fmt: skip
    parser.add_argument(
        "--use-sequential-evaluation", action="store_true",
        help="accepted as in Packer; locals and data sources are evaluated in the order of their need",
    )  # fmt: skip
    parser.add_argument(
        "--config-type", choices=("hcl2", "json"), metavar="TYPE",
        help="accepted as in Packer; a named template tells its language by its name",
    )  # fmt: skip
