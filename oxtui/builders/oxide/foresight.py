"""What the start of a build would meet on the rack, found by its own checks; nothing is made there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from oxtui.builders.oxide.preflight import (
    Wanted,
    disk_size,
    find_addressing,
    find_source,
    no_project,
    no_source,
    problems,
)
from oxtui.component.settled import settled
from oxtui.oxide.errors import NotFound

if TYPE_CHECKING:
    from oxtui.builders.oxide.options import OxideInstanceOptions
    from oxtui.oxide.client import OxideClient


async def foresee(
    client: OxideClient, options: OxideInstanceOptions, *, promote: bool
) -> Sequence[str]:
    """Every problem as a sentence that begins with the option that it is about.

    `promote`: the image goes to the silo in the end. Raises OxideError where the rack cannot be asked.
    """
    if not (settled(options.project) and settled(options.boot_disk_image_id)):
        return []
    try:
        project = await client.projects.view(options.project)
    except NotFound:
        return [no_project(options.project)]
    try:
        source = await find_source(client, options.boot_disk_image_id, project.id)
    except NotFound:
        return [no_source(options.boot_disk_image_id, project.name)]
    name = settled(options.artifact_name).lower()
    wanted = Wanted(
        options=options,
        source=source,
        project=project.id,
        artifact_name=name or "x",
        artifact_version=settled(options.artifact_version),
        hostname=settled(options.hostname) or "x",
        disk_size=disk_size(options.boot_disk_size, source),
        ssh_port=options.ssh_port,
        replace=not name,
        promote=promote and bool(name),
        addressing=await find_addressing(client, options.ip_pool),
    )
    return await problems(client, wanted)
