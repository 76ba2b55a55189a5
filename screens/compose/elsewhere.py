"""Where builds go that are on no rack: the account of another provider, resolved as a build does it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Protocol, cast

from oxtui.build.plan import PlannedBuild
from oxtui.component.providers import provider
from oxtui.service import ServiceError
from oxtui.template.resolve.context import UNKNOWN
from screens.compose.checking import Checked
from screens.compose.plan_line import RackOfTemplate
from screens.connection import Link


class Reached(Protocol):
    """Options of a builder that works on an account."""

    def connection_options(self) -> Any:
        """What they say of it, in the provider's own form: a data class."""
        ...


async def elsewhere(
    checked: Checked, link: Link | None, environ: Mapping[str, str]
) -> RackOfTemplate | None:
    """The account of the builds that are not on a rack, in words; None where there are none.

    One that is not the connected one goes before others.
    """
    builds = [
        build
        for build in (checked.plan.builds if checked.plan is not None else ())
        if build.builder.provider not in ("", "oxide")
    ]
    found = [await asyncio.to_thread(_told, build, link, environ) for build in builds]
    return next((each for each in found if each.other), found[0] if found else None)


def _told(build: PlannedBuild, link: Link | None, environ: Mapping[str, str]) -> RackOfTemplate:
    name = build.builder.provider
    connected = link.connection if link is not None else None
    known = connected if connected is not None and connected.provider == name else None
    explicit = cast("Reached", build.options).connection_options()
    if UNKNOWN in (getattr(explicit, each.name) for each in fields(explicit)):
        return RackOfTemplate("the account is known when the build starts", other=link is not None)
    try:
        place = provider(name).resolve(explicit, environ, known)
    except ServiceError as problem:
        return RackOfTemplate(str(problem), other=link is not None)
    host = place.host.partition("://")[2].partition("/")[0]
    if link is not None and known is not None and place.variables == known.variables:
        return RackOfTemplate(f"builds on {link.target.label(link)}")
    if link is None:
        return RackOfTemplate(f"builds on {host}")
    return RackOfTemplate(f"builds on {host}, not here", True, host)
