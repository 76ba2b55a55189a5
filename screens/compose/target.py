"""Where a template's builds go: resolved as a build does it, and compared with what is connected."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from oxtui.component.options import Options, OptionSpec
from oxtui.component.providers import provider
from oxtui.component.registry import UnknownComponent, component
from oxtui.service import ServiceError
from oxtui.template.editing.address import outermost
from oxtui.template.resolve.context import UNKNOWN
from screens.browse.browser import BROWSERS
from screens.compose.checking import Checked
from screens.compose.kinds import COMPONENTS
from screens.compose.plan_line import RackOfTemplate
from screens.compose.reading import Part, Reading
from screens.compose.value_text import is_computed
from screens.connection import Demo, Link


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source or data source says of where it works: nothing, or by name."""

    provider: str
    explicit: Any = field(repr=False)
    """In the provider's own form: a data class."""

    @property
    def is_known(self) -> bool:
        """Whether all of it is known before the build starts."""
        given = (getattr(self.explicit, each.name) for each in fields(self.explicit))
        texts = (each.reveal() if hasattr(each, "reveal") else each for each in given)
        return UNKNOWN not in texts


@dataclass(frozen=True, slots=True)
class Racks:
    """The racks and accounts of a template's blocks, as they were found for one reading of it."""

    reading: Reading | None = None
    told: Mapping[Asked, RackOfTemplate] = field(default_factory=dict, repr=False)
    """What each came to."""
    asked: Mapping[str, Collection[Asked]] = field(default_factory=dict, repr=False)
    """What each source and data source says, by the addresses of their blocks."""
    built: Collection[str] = ()
    """Addresses of the sources that are built."""

    @property
    def whole(self) -> RackOfTemplate:
        """Where all builds go, in words; what is not connected goes before others."""
        return self._first(self.built) or RackOfTemplate()

    @property
    def provider(self) -> str:
        """On whose services all builds work, as far as they work on those of one."""
        found = {each.provider for address in self.built for each in self.asked.get(address, ())}
        return found.pop() if len(found) == 1 else ""

    def of_build(self, name: str, options: Options) -> RackOfTemplate | None:
        """Where a build of the plan goes; `name` is that of the provider."""
        asked = _of_options(name, options)
        return None if asked is None else self.told.get(asked)

    def of_block(self, address: str, now: Reading, *, current: bool) -> RackOfTemplate | None:
        """The rack or account of a block; None if that is to be found out, as its text names another one now.

        Args:
            address: of a source or a data source.
            now: the template as it is by now.
            current: template and values of variables are what they were when this was found.
        """
        before = _in_text(self.reading, address) if self.reading is not None else None
        if before is None or (
            not current and (not before.is_known or before != _in_text(now, address))
        ):
            return None
        return self._first([address])

    def _first(self, addresses: Iterable[str]) -> RackOfTemplate | None:
        found = [self.told[each] for address in addresses for each in self.asked.get(address, ())]
        return next((told for told in found if told.other), found[0] if found else None)


async def racks_of(checked: Checked, link: Link | None, environ: Mapping[str, str]) -> Racks:
    """Where a template's builds and data sources would work."""
    found: dict[str, dict[Asked, None]] = {}
    for build in checked.plan.builds if checked.plan is not None else ():
        asked = _of_options(build.builder.provider, build.options)
        if asked is not None:
            address = f"source.{build.builder_type}.{build.source_name}"
            found.setdefault(address, {})[asked] = None
    built = tuple(found)
    # What is not in the plan counts as far as the text says it plainly.
    for part in checked.reading.of_kind("source", "data"):
        plain = _in_text(checked.reading, part.address)
        if plain is not None:
            found.setdefault(part.address, {plain: None})
    if checked.plan is None:
        built = tuple(address for address in found if address.startswith("source."))
    told = {
        each: await asyncio.to_thread(_resolved, each, link, environ)
        for each in dict.fromkeys(each for several in found.values() for each in several)
    }
    return Racks(checked.reading, told, found, built)


def home(part: Part) -> str:
    """Address of the source or data source that a part belongs to, as far as it belongs to one."""
    if part.kind == "override":
        return f"source.{part.title.removeprefix('source.')}"
    return outermost(part.address)


def provider_of(part: Part) -> str:
    """On whose service a source or data source works; empty for none, or where that is not known."""
    kind, _, rest = home(part).partition(".")
    try:
        found = component(COMPONENTS[kind], rest.partition(".")[0])
    except (KeyError, UnknownComponent):
        return ""
    return str(getattr(found, "provider", ""))


def _of_options(name: str, options: Options) -> Asked | None:
    """None for what works nowhere that can be connected."""
    if name not in BROWSERS or not hasattr(options, "connection_options"):
        return None
    return Asked(name, options.connection_options())


def _in_text(reading: Reading, address: str) -> Asked | None:
    """The same of a block's text; None for one that is not there, too."""
    for part in reading.of_kind("source", "data"):
        name = provider_of(part) if part.address == address else ""
        if name:
            kind, type_name = part.address.split(".")[:2]
            given = {f.name: _plain(f.spec, f.text) for f in part.fields if f.is_set and f.known}
            options = component(COMPONENTS[kind], type_name).Options
            return _of_options(name, options.model_construct(**given))
    return None


def _plain(spec: OptionSpec, text: str) -> object:
    if spec.type == "bool":
        return text == "true"
    return UNKNOWN if is_computed(text) else text


def _resolved(asked: Asked, link: Link | None, environ: Mapping[str, str]) -> RackOfTemplate:
    browser = BROWSERS[asked.provider]
    other = link is not None
    if not asked.is_known:
        told = f"the {browser.service} is known when the build starts"
        return RackOfTemplate(told, other=other, service=browser.service)
    simulated = link is not None and isinstance(link.target, Demo)
    # Builds on the demo rack are kept apart from real racks that the environment names.
    kept = {n: v for n, v in environ.items() if not (simulated and n.startswith("OXIDE_"))}
    here = link is not None and link.connection.provider == asked.provider
    connected = link.connection if link is not None and here else None
    try:
        found: Any = provider(asked.provider).resolve(asked.explicit, kept, connected)
    except ServiceError as problem:
        return RackOfTemplate(str(problem), other=other, service=browser.service)
    if link is not None and connected is not None and browser.is_same(found, connected):
        return RackOfTemplate(f"builds on {link.target.built_on(link, found)}")
    name = found.host.partition("://")[2].partition("/")[0] or found.host
    if link is None:
        return RackOfTemplate(f"builds on {name}")
    told = f"builds on {name} ({found.source[browser.whence]}), not here"
    return RackOfTemplate(told, True, name, browser.service)
