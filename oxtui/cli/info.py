"""`oxtui info`: every path and setting with its source."""

from __future__ import annotations

import json
import platform
import tomllib
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence

from oxtui import __version__
from oxtui.cli.setting_flags import settings_from
from oxtui.settings import Settings
from oxtui.settings.example import example
from oxtui.settings.listing import Listed, listing

HELP = "List every path and setting of oxtui with the place that decided it."


def configure(parser: ArgumentParser) -> None:
    """How to print it."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print it as one JSON object")
    form.add_argument(
        "--example",
        action="store_true",
        help="print a settings file with every setting, its default and what it does",
    )


def run(arguments: Namespace) -> int:
    """Print; raises SettingsError if the settings cannot be read."""
    settings = settings_from(arguments)
    if arguments.example:
        print(example(settings.paths), end="")
    elif arguments.json:
        print(json.dumps(_json(settings), indent=2))
    else:
        print("\n".join(_text(settings)))
    return 0


def _text(settings: Settings) -> Iterator[str]:
    file = settings.paths.settings_file
    yield f"oxtui {__version__}, Python {platform.python_version()}"
    yield f"settings file {file}" + ("" if file.exists() else " (does not exist)")
    yield ""
    yield from _columns(list(listing(settings)))


def _columns(listed: Sequence[Listed]) -> Iterator[str]:
    name = max(len(each.name) for each in listed)
    value = max(len(each.toml) for each in listed)
    for each in listed:
        yield f"{each.name:<{name}}  {each.toml:<{value}}  {each.source}"


def _json(settings: Settings) -> dict[str, object]:
    file = settings.paths.settings_file
    return {
        "version": __version__,
        "python": platform.python_version(),
        "settings_file": {"path": str(file), "exists": file.exists()},
        "settings": {
            each.name: {
                "value": tomllib.loads(f"value = {each.toml}")["value"],
                "source": {"kind": each.source.kind, "place": each.source.place},
            }
            for each in listing(settings)
        },
    }
