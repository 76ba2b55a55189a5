"""Checks what a plan would meet on the connected service: names, and the builders' own preflight.

Nothing is made there.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from oxtui.build.plan import PlannedBuild
from screens.browse.browser import BROWSERS
from screens.browse.names import Names
from screens.compose.checking import Checked
from screens.compose.lookups import NamedValue, values_of_fields, values_of_options
from screens.compose.problems import Problem, at_field, of_rack
from screens.compose.reading import Part
from screens.compose.target import Racks, provider_of
from screens.connection import Link


async def check_on_rack(
    checked: Checked, racks: Racks, link: Link, names: Names, *, promote: bool
) -> list[Problem]:
    """What stands on the connected rack or account against what a plan does there.

    `promote`: images go to the silo in the end. Raises ServiceError where it cannot be asked.
    """
    found: dict[Problem, None] = {}
    for source in _data_sources(checked, racks, link):
        for named in values_of_fields(source.fields, checked.known):
            found.update(await _of_name(named, [source], names, checked))
    for build in checked.plan.builds if checked.plan else ():
        part = checked.reading.part(f"source.{build.builder_type}.{build.source_name}")
        if part is not None and _is_here(build, racks, link):
            parts = [part, *checked.reading.of_block(part)]
            for named in values_of_options(build.options):
                found.update(await _of_name(named, parts, names, checked))
            for problem in await _foreseen(build, parts, link, checked, promote=promote):
                # Of a name that is not there, all has been said.
                if not any(_place(each) == _place(problem) for each in found):
                    found[problem] = None
    return list(found)


def _data_sources(checked: Checked, racks: Racks, link: Link) -> Iterator[Part]:
    for part in checked.reading.of_kind("data"):
        rack = racks.of_block(part.address, checked.reading, current=True)
        here = provider_of(part) == link.connection.provider
        if here and rack is not None and not rack.other:
            yield part


def _is_here(build: PlannedBuild, racks: Racks, link: Link) -> bool:
    name = build.builder.provider
    rack = racks.of_build(name, build.options) if name == link.connection.provider else None
    return rack is not None and not rack.other


async def _of_name(
    named: NamedValue, parts: Sequence[Part], names: Names, checked: Checked
) -> dict[Problem, None]:
    told = await names.missing(named.kind, named.value, named.beside)
    if not told:
        return {}
    inner = checked.reading.inner(parts[0], *named.block) if named.block[0] else None
    around = [inner] if inner is not None else parts
    name = named.option if inner is not None or not named.block[0] else named.block[0]
    return {at_field(f"{told[:1].upper()}{told[1:]}", around, name, checked.reading): None}


async def _foreseen(
    build: PlannedBuild, parts: Sequence[Part], link: Link, checked: Checked, *, promote: bool
) -> Sequence[Problem]:
    where = BROWSERS[link.connection.provider].preflight
    foresee: Any = pkgutil.resolve_name(where) if where else None
    told: Iterable[str] = (
        await foresee(link.client, build.options, promote=promote) if foresee is not None else ()
    )
    return [of_rack(each, parts, checked.reading) for each in told]


def _place(problem: Problem) -> tuple[str, str]:
    return (problem.part, problem.field) if problem.field else (problem.part, problem.text)
