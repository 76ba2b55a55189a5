"""A settings file with every setting, its default and what it does, made from the declarations."""

from __future__ import annotations

import json
from collections.abc import Iterator

from oxtui.settings.load import variables
from oxtui.settings.paths import HELP, VARIABLES, Paths
from oxtui.settings.sections import SECTIONS, Profile, Section, declarations


def example(paths: Paths) -> str:
    """A settings file in which every line is a comment, to be uncommented where it shall differ."""
    return "\n".join(_lines(paths)) + "\n"


def _lines(paths: Paths) -> Iterator[str]:
    yield f"# Settings of oxtui, kept in {paths.settings_file}."
    yield "# Each line shows a default. Take its # away to change it; what is not here keeps it."
    yield "# An environment variable wins over this file, and --set SECTION.KEY=VALUE over both."
    for section, declared in SECTIONS.items():
        yield ""
        yield f"# {declared.__doc__}"
        yield f"#[{section}]"
        yield from _section(declared, section)
    yield ""
    yield "# Keys by the id of their action, one or a list, as in"
    yield '#   "the.action" = ["ctrl+b", "f5"]'
    yield "#[keys]"
    yield ""
    yield f"# {Profile.__doc__}"
    yield "#[profiles.NAME]"
    yield from _section(Profile, "profiles")
    yield ""
    yield "# Folders. Absolute, or from the home folder with ~."
    yield "#[paths]"
    for name, variable in VARIABLES.items():
        if name != "config":
            yield f"# {HELP[name]} Environment: {variable}."
            yield f"#{name} = {json.dumps(str(getattr(paths, name)))}"


def _section(declared: type[Section | Profile], section: str) -> Iterator[str]:
    named = variables()
    for each in declarations(declared):
        variable = named.get((section, each.name))
        yield f"# {each.help}"
        yield f"# Value: {each.kind.expected}." + (f" Environment: {variable}." if variable else "")
        yield f"#{each.name} = {each.kind.write(each.default)}"
