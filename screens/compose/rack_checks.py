"""Checks what a plan would meet on the rack, with the builder's own preflight; nothing is made there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.builders.oxide.options import OxideInstanceOptions
from oxtui.builders.oxide.preflight import (
    Wanted,
    disk_size,
    find_addressing,
    find_source,
    no_project,
    no_source,
    problems,
)
from oxtui.oxide.errors import NotFound
from oxtui.template.resolve.context import UNKNOWN
from screens.compose.checking import Checked
from screens.compose.problems import Problem, of_rack
from screens.compose.target import Racks

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient


async def check_on_rack(
    checked: Checked, racks: Racks, client: OxideClient, *, promote: bool
) -> list[Problem]:
    """What stands on the connected rack against the builds of a plan that go to it.

    `promote`: their images go to the silo in the end. Raises OxideError where the rack cannot be asked.
    """
    found: list[Problem] = []
    for build in checked.plan.builds if checked.plan else ():
        part = checked.reading.part(f"source.{build.builder_type}.{build.source_name}")
        if part is None or not isinstance(build.options, OxideInstanceOptions):
            continue
        rack = racks.of_build(build.options)
        if rack is None or rack.other:
            continue
        siblings = checked.reading.of_block(part)
        for sentence in await _sentences(client, build.options, promote):
            problem = of_rack(sentence, part, siblings, checked.reading)
            if problem not in found:
                found.append(problem)
    return found


async def _sentences(
    client: OxideClient, options: OxideInstanceOptions, promote: bool
) -> list[str]:
    if UNKNOWN in (options.project, options.boot_disk_image_id):
        return []
    try:
        project = await client.projects.view(options.project)
    except NotFound:
        return [no_project(options.project)]
    try:
        source = await find_source(client, options.boot_disk_image_id, project.id)
    except NotFound:
        return [no_source(options.boot_disk_image_id, project.name)]
    name = _settled(options.artifact_name).lower()
    wanted = Wanted(
        options=options,
        source=source,
        project=project.id,
        artifact_name=name or "x",
        artifact_version=_settled(options.artifact_version),
        hostname=_settled(options.hostname) or "x",
        disk_size=disk_size(options.boot_disk_size, source),
        ssh_port=options.ssh_port,
        replace=not name,
        promote=promote and bool(name),
        addressing=await find_addressing(client, options.ip_pool),
    )
    return await problems(client, wanted)


def _settled(text: str) -> str:
    """What is given, where it is known before the build begins; else nothing."""
    return "" if "{{" in text or text == UNKNOWN else text
