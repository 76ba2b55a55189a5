"""Images of the silo and of projects, in one table that says where each is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from screens.browse.booting import boot_test_instance
from screens.browse.compose_from import compose_from
from screens.browse.deleting import delete_images
from screens.browse.image_moves import demote, promote
from screens.browse.look import Look
from screens.browse.resource import PAGE, Fact, Resource, Scope, of_projects
from screens.browse.resources.oxide.common import (
    created_column,
    identity,
    name_column,
    size_column,
    times,
)
from screens.browse.upload import upload_image
from screens.tables.cell import Cell, Column
from screens.wording import plural, size

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient


def _where(row: Any, look: Look) -> Cell:
    if row.project_id is None:
        return Cell("silo", "accent")
    return Cell(look.name("projects", row.project_id))


def _used_by(row: Any, look: Look) -> int:
    disks = look.referring("disks", "image_id", row.id)
    return len({disk.state.instance for disk in disks if disk.state.instance})


def _used_text(row: Any, look: Look) -> str:
    count = _used_by(row, look)
    return plural(count, "instance") if count else "–"


def _columns(look: Look) -> Sequence[Column]:
    return (
        name_column(),
        Column(title="WHERE", cell=lambda row: _where(row, look), priority=2, minimum=6),
        Column(title="OS", cell=lambda row: row.os, priority=4, minimum=6, maximum=16),
        Column(title="VERSION", cell=lambda row: row.version, priority=5, minimum=8, maximum=20),
        size_column(3),
        created_column(look, 6),
        Column(
            title="USED BY",
            cell=lambda row: Cell(_used_text(row, look), "muted"),
            sort=lambda row: _used_by(row, look),
            priority=7,
            minimum=10,
            searched=False,
        ),
    )


async def _pages(client: OxideClient, scope: Scope) -> AsyncIterator[list[Any]]:
    async for page in client.images.pages(limit=PAGE):
        yield page
    async for page in of_projects(lambda project: client.images.pages(project, PAGE), scope):
        yield page


def _facts(row: Any, look: Look) -> Sequence[Fact]:
    reach = (
        "usable in every project"
        if row.project_id is None
        else f"usable in {look.name('projects', row.project_id)} only"
    )
    return [
        *identity(row),
        Fact("os", f"{row.os} {row.version}".strip() or "–"),
        Fact("size", size(row.size)),
        Fact("block", size(row.block_size)),
        Fact("where", _where(row, look).text, "accent"),
        Fact("", reach, "muted"),
        Fact("used by", _used_text(row, look)),
        *times(row, look),
    ]


IMAGES = Resource(
    id="images",
    one="image",
    columns=_columns,
    pages=_pages,
    facts=_facts,
    lookups=("disks",),
    handlers={
        "images.boot": boot_test_instance,
        "images.compose": compose_from,
        "images.promote": promote,
        "images.demote": demote,
        "images.upload": upload_image,
        "browse.delete-images": delete_images,
    },
    empty="No image here yet; u uploads one.",
)
