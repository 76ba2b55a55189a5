"""Promote and demote: an image moves between a project and the silo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screens.browse.work import Work


async def promote(work: Work, rows: Sequence[Any]) -> None:
    """Move project images to the silo."""
    names = ", ".join(row.name for row in rows)
    answer = await work.confirm(
        "Promote",
        f"Move {names} to the silo?",
        effects=(
            "Every project of the silo can use it.",
            "It leaves the list of its project; P moves it back into one.",
        ),
    )
    if answer is not None:
        await work.each(rows, lambda row: work.client.images.promote(row.id), "Promoted")


async def demote(work: Work, rows: Sequence[Any]) -> None:
    """Move silo images into one project."""
    from screens.dialogs.choice import Choice

    names = ", ".join(row.name for row in rows)
    project = await work.choose(
        "Demote",
        [Choice(project.id, project.name, project.description) for project in work.scope.projects],
        text=f"Move {names} into which project? Only that project will see it. "
        "Disks and instances made from it elsewhere go on working.",
    )
    if project is not None and await work.allowed(f"Demote {names}."):
        await work.each(rows, lambda row: work.client.images.demote(row.id, project), "Demoted")
