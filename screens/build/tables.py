"""The tables of a build: what it made, and every call of the rack."""

from __future__ import annotations

import time
from typing import Any

from oxtui.build.state import ResourcePhase, ResourceState
from oxtui.component.events import ApiCalled
from screens.build.look import kind_word
from screens.tables.cell import Cell, Column, Tone
from screens.tables.model import TableModel
from screens.widgets.resource_table import ResourceTable

_RESOURCES: dict[ResourcePhase, tuple[str, Tone]] = {
    "intended": ("◐ being made", "busy"),
    "created": ("● there", "good"),
    "deleted": ("○ removed", "muted"),
    "left": ("! left", "bad"),
}


class BuildTable(ResourceTable):
    """A table beside the keys of a build, so with fewer keys of its own."""

    CONTEXTS = ("build.rows",)

    def __init__(self, model: TableModel[Any], *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(model)
        self.id = id


def resources() -> TableModel[ResourceState]:
    """What a build made or meant to make."""
    return TableModel[ResourceState](
        (
            Column(
                title="STATE", cell=lambda row: Cell(*_RESOURCES[row.phase]), priority=1, minimum=12
            ),
            Column(title="KIND", cell=lambda row: kind_word(row.kind), priority=2, minimum=9),
            Column(title="NAME", cell=lambda row: row.name, priority=1, minimum=16),
            Column(title="ID", cell=lambda row: Cell(row.id, "muted"), priority=3, minimum=9),
            Column(title="NOTE", cell=_note, priority=4, minimum=24, maximum=60),
        ),
        key=lambda row: str(row.number),
        hidden=lambda row: row.id,
    )


def _note(row: ResourceState) -> Cell:
    if row.phase != "left":
        return Cell("")
    return Cell(f"{row.reason} · Y: how to remove" if row.command else row.reason, "warn")


def calls() -> TableModel[ApiCalled]:
    """Calls of the rack's API, the newest at the end."""
    return TableModel[ApiCalled](
        (
            Column(title="TIME", cell=lambda row: Cell(_clock(row.time), "muted"), minimum=8),
            Column(title="CALL", cell=lambda row: row.operation, priority=1, minimum=28),
            Column(title="STATUS", cell=_status, priority=1, minimum=8),
            Column(
                title="TOOK",
                cell=lambda row: f"{row.seconds * 1000:.0f} ms",
                sort=lambda row: row.seconds,
                priority=2,
                right=True,
            ),
            Column(title="METHOD", cell=lambda row: row.method, priority=4),
            Column(title="PATH", cell=lambda row: row.path, priority=3, maximum=60, minimum=24),
            Column(title="REQUEST", cell=lambda row: Cell(row.request_id, "muted"), priority=5),
        ),
        key=lambda row: f"{row.time!r} {row.operation} {row.request_id}",
    )


def _clock(seconds: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(seconds))


def _status(row: ApiCalled) -> Cell:
    status = row.status
    if status is None:
        return Cell("✗ no answer", "bad")
    return Cell(f"✓ {status}", "good") if status < 400 else Cell(f"✗ {status}", "bad")
