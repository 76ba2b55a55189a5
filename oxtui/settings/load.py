"""Settings are put together from their defaults, the settings file, environment and flags."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxtui.settings.errors import SettingsError, nearest
from oxtui.settings.kinds import Folder, Keys, Kind
from oxtui.settings.lines import values_with_lines
from oxtui.settings.paths import VARIABLES, Paths, platform_defaults
from oxtui.settings.sections import (
    SECTIONS,
    Build,
    Checkpoints,
    General,
    Profile,
    Waits,
    declarations,
)
from oxtui.settings.source import DEFAULT, Source

_TABLES = (*SECTIONS, "keys", "profiles", "paths")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, typed, and where each came from."""

    general: General
    build: Build
    checkpoints: Checkpoints
    waits: Waits
    keys: Mapping[str, tuple[str, ...]]
    """Keys by the id of their action, only where the operator chose them."""
    profiles: Mapping[str, Profile]
    paths: Paths
    sources: Mapping[str, Source]
    """By dotted name (`waits.ssh`); what is not in here has its default."""

    def profile(self, name: str) -> Profile:
        """The settings of a profile of the credentials; its defaults if nothing was set."""
        return self.profiles.get(name, Profile())

    def source(self, name: str) -> Source:
        """Where the value of a setting came from, by its dotted name."""
        return self.sources.get(name, DEFAULT)


def load(environment: Mapping[str, str], flags: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; flags (text by dotted name) win over environment, file and defaults.

    Raises SettingsError for an unknown name, a value of the wrong kind, or a settings file that is
    there and cannot be read. `environment` is asked for OXTUI_* alone; the platform's own folders
    (XDG_*, HOME) come from the process.
    """
    defaults = platform_defaults()
    found = _Found()
    if config := environment.get(VARIABLES["config"]):
        found.add(("paths", "config"), config, _variable(VARIABLES["config"]), text=True)
    file = Path(found.values.get(("paths", "config"), defaults["config"])) / "settings.toml"
    for path, value, line in _file_values(file):
        if path == ("paths", "config"):
            raise SettingsError(
                f"{file}:{line}: this file cannot move its own folder; "
                f"set {VARIABLES['config']} in the environment instead"
            )
        found.add(path, value, Source.line(file, line))
    for path, name in variables().items():
        if name in environment:
            found.add(path, environment[name], _variable(name), text=True)
    for name, text in (flags or {}).items():
        found.add(split_name(name), text, Source("flag", f"--set {name}"), text=True)
    return found.settings(defaults)


def variables() -> dict[tuple[str, ...], str]:
    """The environment variable of every setting that has one."""
    named: dict[tuple[str, ...], str] = {}
    for section, declared in SECTIONS.items():
        prefix = "OXTUI_" if section == "general" else f"OXTUI_{section.upper()}_"
        named |= {
            (section, each.name): prefix + each.name.upper() for each in declarations(declared)
        }
    return named | {("paths", folder): name for folder, name in VARIABLES.items()}


def split_name(name: str) -> tuple[str, ...]:
    """A dotted name as the path that a settings file has; the id of an action may hold dots."""
    section, _, rest = name.partition(".")
    if section == "profiles":
        profile, _, key = rest.rpartition(".")
        return (section, profile, key)
    return (section, rest) if rest else (section,)


def _variable(name: str) -> Source:
    return Source("environment", name)


def _file_values(file: Path) -> Iterator[tuple[tuple[str, ...], object, int]]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return iter(())
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: not UTF-8 text, which TOML has to be: {error}") from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not valid TOML: {error}") from None
    return values_with_lines(text)


class _Found:
    """Values read so far, by path, each checked as it comes."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, ...], Any] = {}
        self.sources: dict[str, Source] = {}
        self.profiles: dict[str, None] = {}

    def add(self, path: tuple[str, ...], value: object, source: Source, text: bool = False) -> None:
        """Check one value and keep it in place of what an earlier source said."""
        if value == {} and path[0] in _TABLES and len(path) <= _depth(path) - 1:
            self.profiles |= dict.fromkeys(path[1:])
            return
        if path[0] == "keys" and len(path) > 1:
            path = ("keys", ".".join(path[1:]))
        kind = _kind(path, source)
        name = ".".join(path)
        try:
            self.values[path] = kind.read_text(str(value)) if text else kind.read(value)
        except ValueError:
            raise SettingsError(
                f"{source}: {name} is {value!r}, expected {kind.expected}"
            ) from None
        self.sources[name] = source
        if path[0] == "profiles":
            self.profiles[path[1]] = None

    def settings(self, defaults: Mapping[str, Path]) -> Settings:
        """The whole, with defaults for what nothing set."""
        folders = {**defaults, **self._under("paths")}
        folders.setdefault("sessions", folders["state"] / "sessions")
        return Settings(
            general=General(**self._under("general")),
            build=Build(**self._under("build")),
            checkpoints=Checkpoints(**self._under("checkpoints")),
            waits=Waits(**self._under("waits")),
            keys=self._under("keys"),
            profiles={name: Profile(**self._under("profiles", name)) for name in self.profiles},
            paths=Paths(**folders),
            sources=self.sources,
        )

    def _under(self, *table: str) -> dict[str, Any]:
        return {path[-1]: value for path, value in self.values.items() if path[:-1] == table}


def _depth(path: tuple[str, ...]) -> int:
    """How many names lead to a value in the section of this path."""
    return 3 if path[0] == "profiles" else 2


def _kind(path: tuple[str, ...], source: Source) -> Kind[Any]:
    """What may stand at a path; raises SettingsError that helps on where nothing may."""
    table = path[0]
    if table not in _TABLES:
        raise SettingsError(f'{source}: unknown section "{table}"; {nearest(table, _TABLES)}')
    depth = _depth(path)
    if len(path) < depth or not all(path):
        shape = "profiles.NAME" if table == "profiles" else table
        raise SettingsError(f"{source}: {'.'.join(path)} is no setting; write [{shape}] and keys")
    if table == "keys":
        return Keys()
    known: dict[str, Kind[Any]]
    if table == "paths":
        known = dict.fromkeys(VARIABLES, Folder())
    else:
        declared = Profile if table == "profiles" else SECTIONS[table]
        known = {each.name: each.kind for each in declarations(declared)}
    key = path[depth - 1]
    if key not in known or len(path) > depth:
        wrong = ".".join(path[depth - 1 :])
        where = ".".join(path[: depth - 1])
        raise SettingsError(f'{source}: unknown key "{wrong}" in [{where}]; {nearest(key, known)}')
    return known[key]
