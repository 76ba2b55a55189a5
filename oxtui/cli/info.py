"""`oxtui info`: every path and setting, and the rack that is meant, each with its source."""

from __future__ import annotations

import json
import os
import platform
import tomllib
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence

from oxtui import __version__
from oxtui.cli.setting_flags import settings_from
from oxtui.oxide.credentials import ConnectionOptions, resolve
from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.profiles import default_config_dir
from oxtui.settings import Settings
from oxtui.settings.example import example
from oxtui.settings.listing import listing

HELP = "List every path and setting of oxtui, and the rack it would go to, with the place that decided it."

_RACK = ("host", "token", "profile", "insecure", "cacert", "api_version")


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
    rows = [(each.name, each.toml, str(each.source)) for each in listing(settings)]
    rack, problem = _rack(os.environ)
    rows += [
        (f"rack.{name}", json.dumps(value, ensure_ascii=False), source)
        for name, (value, source) in rack.items()
    ]
    yield from _columns(rows)
    if problem:
        yield ""
        yield problem


def _rack(environ: Mapping[str, str]) -> tuple[dict[str, tuple[object, str]], str]:
    """The rack that a command without flags goes to: values with their sources, or why there is none."""
    try:
        found = resolve(ConnectionOptions(), environ, default_config_dir(environ))
    except CredentialsError as error:
        return {}, str(error)
    values: dict[str, object] = {name: getattr(found, name) for name in _RACK}
    values["token"] = str(found.token)
    values["cacert"] = str(found.cacert) if found.cacert else None
    given = {name: value for name, value in values.items() if value is not None}
    return {name: (value, found.source.get(name, "default")) for name, value in given.items()}, ""


def _columns(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    name = max(len(row[0]) for row in rows)
    value = max(len(row[1]) for row in rows)
    for row in rows:
        yield f"{row[0]:<{name}}  {row[1]:<{value}}  {row[2]}"


def _json(settings: Settings) -> dict[str, object]:
    file = settings.paths.settings_file
    rack, problem = _rack(os.environ)
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
        "rack": {name: {"value": value, "source": source} for name, (value, source) in rack.items()}
        or {"problem": problem},
    }
