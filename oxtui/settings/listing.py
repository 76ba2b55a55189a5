"""Every setting with its value and source, as `oxtui info` shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from oxtui.settings.kinds import Folder, Keys
from oxtui.settings.load import Settings
from oxtui.settings.paths import Paths
from oxtui.settings.sections import Profile, Section, declarations
from oxtui.settings.source import Source


@dataclass(frozen=True, slots=True)
class Listed:
    """One setting as it holds now."""

    name: str
    """Dotted, as `--set` takes it."""
    toml: str
    """The value as the settings file would have it."""
    source: Source


def listing(settings: Settings) -> Iterator[Listed]:
    """Every setting in the order of the example file; keys and profiles only where they are set."""
    for name, toml in _values(settings):
        yield Listed(name, toml, settings.source(name))


def _values(settings: Settings) -> Iterator[tuple[str, str]]:
    yield from _section("general", settings.general)
    yield from _section("build", settings.build)
    yield from _section("waits", settings.waits)
    for action, keys in settings.keys.items():
        yield f"keys.{action}", Keys().write(keys)
    for name, profile in settings.profiles.items():
        yield from _section(f"profiles.{name}", profile)
    for folder in fields(Paths):
        yield f"paths.{folder.name}", Folder().write(getattr(settings.paths, folder.name))


def _section(name: str, values: Section | Profile) -> Iterator[tuple[str, str]]:
    for each in declarations(type(values)):
        yield f"{name}.{each.name}", each.kind.write(getattr(values, each.name))
