"""Begins a template from an image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from screens.places import Place

if TYPE_CHECKING:
    from screens.browse.work import Work


async def compose_from(work: Work, rows: Sequence[Any]) -> None:
    """Open Compose with a new template whose source is the image."""
    image = rows[0]
    project = work.scope.chosen.name if work.scope.chosen is not None else ""
    if not project and image.project_id is not None:
        project = work.look.name("projects", image.project_id)
    work.app.go_soon(Place("compose", ("image", image.id, project)))


async def compose_from_omi(work: Work, rows: Sequence[Any]) -> None:
    """The same of an Outscale account's OMI."""
    work.app.go_soon(Place("compose", ("omi", rows[0].id)))
