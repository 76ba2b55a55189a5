"""Start, stop and reboot of instances; what is asked for here takes the rack a while."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oxtui.oxide import effects
from screens.browse.work import Work


async def start(work: Work, rows: Sequence[Any]) -> None:
    """Start them; nothing is lost by that, so nothing is asked."""
    if await work.allowed(f"Start {_names(rows)}."):
        await work.each(rows, lambda row: work.client.instances.start(row.id), "Starting")


async def stop(work: Work, rows: Sequence[Any]) -> None:
    """Stop them, after a question."""
    answer = await work.confirm(
        "Stop",
        f"Stop {_names(rows)}?",
        effects=effects.stopping(),
    )
    if answer is not None:
        await work.each(rows, lambda row: work.client.instances.stop(row.id), "Stopping")


async def reboot(work: Work, rows: Sequence[Any]) -> None:
    """Reboot them, after a question."""
    text = f"Reboot {_names(rows)}?"
    if await work.confirm("Reboot", text, effects=("Whoever works on it is cut off.",)) is not None:
        await work.each(rows, lambda row: work.client.instances.reboot(row.id), "Rebooting")


def _names(rows: Sequence[Any]) -> str:
    return ", ".join(row.name for row in rows)
