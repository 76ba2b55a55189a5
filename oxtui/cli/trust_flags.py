"""Flags that say where credentials are and which certificates are trusted, for all commands that have them."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any


def add_trust_flags(parser: Any, *, unset: bool | None = False) -> None:
    """Declare `--insecure` and `--cacert` on a parser or a group; `unset` is the first where it is not given."""
    parser.add_argument(
        "--insecure", action="store_const", const=True, default=unset, help="check no certificate"
    )
    parser.add_argument(
        "--cacert", metavar="FILE", type=Path, help="trust this certificate authority too (PEM)"
    )


def add_config_dir_flag(parser: ArgumentParser) -> None:
    """Declare `--config-dir`."""
    parser.add_argument(
        "--config-dir", metavar="FOLDER", type=Path, help="where credentials.toml is"
    )
