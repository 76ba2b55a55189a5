"""Which rack a template's builds go to: resolved as a build does it, and compared with the connected one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from oxtui.builders.oxide.options import OxideInstanceOptions
from oxtui.oxide.credentials import Connection, ConnectionOptions, resolve
from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.token import Token
from oxtui.template.resolve.context import UNKNOWN
from screens.compose.checking import Checked
from screens.compose.plan_line import RackOfTemplate
from screens.compose.reading import Reading
from screens.compose.value_text import is_computed
from screens.connection import Demo, Link


class Named(NamedTuple):
    """What a source says of its rack; empty where it says nothing."""

    host: str
    token: str
    profile: str


@dataclass(frozen=True, slots=True)
class Racks:
    """The racks of a template's blocks, as they were found for one reading of it."""

    reading: Reading | None = None
    told: Mapping[Named, RackOfTemplate] = field(default_factory=dict, repr=False)
    """What each name of a rack came to."""
    named: Mapping[str, Collection[Named]] = field(default_factory=dict, repr=False)
    """What each source and data source names, by the addresses of their blocks."""
    built: Collection[str] = ()
    """Addresses of the sources that are built."""
    elsewhere: RackOfTemplate | None = None
    """Where builds go that are on no rack."""

    @property
    def whole(self) -> RackOfTemplate:
        """Where all builds go, in words; what is not connected goes before others."""
        found = [each for each in (self._first(self.built), self.elsewhere) if each is not None]
        return next((each for each in found if each.other), found[0] if found else RackOfTemplate())

    def of_build(self, options: OxideInstanceOptions) -> RackOfTemplate | None:
        """The rack of a build of the plan."""
        return self.told.get(_of_options(options))

    def of_block(self, address: str, now: Reading, *, current: bool) -> RackOfTemplate | None:
        """The rack of a block; None if that is to be found out, as its text names another one now.

        Args:
            address: of a source or a data source.
            now: the template as it is by now.
            current: template and values of variables are what they were when this was found.
        """
        before = _in_text(self.reading, address) if self.reading is not None else None
        if before is None or (
            not current and (UNKNOWN in before or before != _in_text(now, address))
        ):
            return None
        return self._first([address])

    def _first(self, addresses: Iterable[str]) -> RackOfTemplate | None:
        found = [self.told[each] for address in addresses for each in self.named.get(address, ())]
        return next((told for told in found if told.other), found[0] if found else None)


async def racks_of(
    checked: Checked,
    link: Link | None,
    environ: Mapping[str, str],
    config_dir: Path,
) -> Racks:
    """The racks that a template's builds and data sources would work with."""
    named: dict[str, dict[Named, None]] = {}
    for build in checked.plan.builds if checked.plan is not None else ():
        if isinstance(build.options, OxideInstanceOptions):
            address = f"source.{build.builder_type}.{build.source_name}"
            named.setdefault(address, {})[_of_options(build.options)] = None
    built = tuple(named)
    # What is not in the plan counts as far as the text says it plainly.
    for part in checked.reading.of_kind("source", "data"):
        plain = _in_text(checked.reading, part.address)
        if plain is not None:
            named.setdefault(part.address, {plain: None})
    if checked.plan is None:
        built = tuple(address for address in named if address.startswith("source."))
    told = {
        each: await asyncio.to_thread(_resolved, each, link, environ, config_dir)
        for each in dict.fromkeys(each for several in named.values() for each in several)
    }
    return Racks(checked.reading, told, named, built)


def _of_options(options: OxideInstanceOptions) -> Named:
    return Named(options.host, options.token, options.profile)


def _in_text(reading: Reading, address: str) -> Named | None:
    """None for a block that has no rack, or that is not there."""
    for part in reading.parts:
        named = all(part.field(name) is not None for name in Named._fields)
        if part.address == address and named:
            return Named(*(_plain(part.value(name)) for name in Named._fields))
    return None


def _plain(text: str) -> str:
    return UNKNOWN if is_computed(text) else text


def _resolved(
    options: Named, link: Link | None, environ: Mapping[str, str], config_dir: Path
) -> RackOfTemplate:
    simulated = link is not None and isinstance(link.target, Demo)
    # Builds on the demo rack are kept apart from real racks that the environment names.
    kept = {n: v for n, v in environ.items() if not (simulated and n.startswith("OXIDE_"))}
    if UNKNOWN in options:
        return RackOfTemplate("the rack is known when the build starts", other=True)
    explicit = ConnectionOptions(
        host=options.host or None,
        token=Token(options.token) if options.token else None,
        profile=options.profile or None,
        source=dict.fromkeys(("host", "token", "profile"), "the template"),
    )
    connected = None if link is None else link.connection
    try:
        found = resolve(explicit, kept, config_dir, connected=connected)
    except CredentialsError as problem:
        return RackOfTemplate(str(problem), other=connected is not None)
    if simulated and connected is not None and found.host == connected.host:
        return RackOfTemplate("builds on the demo rack (simulated)")
    if connected is not None and found.host == connected.host:
        silo = f", silo {link.user.silo_name}" if link is not None and link.user else ""
        return RackOfTemplate(f"builds on {_short(found)}{silo} ({_source(found, connected)})")
    name = _short(found)
    return RackOfTemplate(f"builds on {name} ({found.source['host']}), not here", True, name)


def _short(connection: Connection) -> str:
    return connection.host.partition("://")[2] or connection.host


def _source(found: Connection, connected: Connection) -> str:
    return "connected" if found.token == connected.token else f"from {found.source['host']}"
