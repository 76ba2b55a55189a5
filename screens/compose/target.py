"""Which rack a template's builds go to: resolved as a build does it, and compared with the connected one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from oxtui.builders.oxide.options import OxideInstanceOptions
from oxtui.component.decode import UNKNOWN
from oxtui.oxide.credentials import Connection, ConnectionOptions, resolve
from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.token import Token
from screens.compose.checking import Checked
from screens.compose.plan_line import RackOfTemplate
from screens.compose.value_text import is_expression
from screens.connection import Demo, Link


class Named(NamedTuple):
    """What a source says of its rack; empty where it says nothing."""

    host: str
    token: str
    profile: str


async def rack_of(
    checked: Checked,
    link: Link | None,
    environ: Mapping[str, str],
    config_dir: Path,
) -> RackOfTemplate:
    """The rack of a template's builds, in words; one that is not connected goes before others."""
    found = [
        await asyncio.to_thread(_resolved, named, link, environ, config_dir)
        for named in dict.fromkeys(_named(checked))
    ]
    other = (told for told in found if told.other)
    return next(other, found[0] if found else RackOfTemplate())


def _named(checked: Checked) -> Iterator[Named]:
    """As the plan has it; without a plan, as far as the text says it plainly."""
    if checked.plan is not None:
        for build in checked.plan.builds:
            options = build.options
            if isinstance(options, OxideInstanceOptions):
                yield Named(options.host, options.token, options.profile)
        return
    for part in checked.reading.of_kind("source"):
        if part.field("profile") is not None:
            texts = (part.value(name) for name in Named._fields)
            yield Named(*(UNKNOWN if is_expression(text) else text for text in texts))


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
    return RackOfTemplate(f"builds on {_short(found)} ({found.source['host']}), not here", True)


def _short(connection: Connection) -> str:
    return connection.host.partition("://")[2] or connection.host


def _source(found: Connection, connected: Connection) -> str:
    return "connected" if found.token == connected.token else f"from {found.source['host']}"
