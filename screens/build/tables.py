"""The tables of a build: what it made, and every call of the rack."""

from __future__ import annotations

import time
from typing import Any

from oxtui.build.calls import CallState
from oxtui.build.state import ResourcePhase, ResourceState
from oxtui.component.events import ApiCalled, Called, SshCalled
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


def calls() -> TableModel[CallState]:
    """Calls of the rack's API and of the guest's SSH server, the newest at the end."""
    return TableModel[CallState](
        (
            Column(title="TIME", cell=lambda row: Cell(_clock(row.call.time), "muted"), minimum=8),
            Column(title="CALL", cell=call_title, priority=1, minimum=28),
            Column(title="STATUS", cell=lambda row: _status(row.call), priority=1, minimum=8),
            Column(
                title="TOOK",
                cell=lambda row: f"{row.call.seconds * 1000:.0f} ms",
                sort=lambda row: row.call.seconds,
                priority=2,
                right=True,
            ),
            Column(title="METHOD", cell=lambda row: _method(row.call), priority=4),
            Column(
                title="PATH OR COMMAND",
                cell=lambda row: _subject(row.call),
                priority=3,
                maximum=60,
                minimum=16,
            ),
            Column(title="REQUEST", cell=lambda row: _request(row.call), priority=5),
        ),
        key=call_key,
    )


def call_title(row: CallState) -> str:
    """The name, with how often where that is more than once."""
    return call_name(row.call) + (f" ×{row.times}" if row.times > 1 else "")


def call_key(row: CallState) -> str:
    """What tells a call from its likes."""
    apart = row.call.path if isinstance(row.call, ApiCalled) else row.call.text
    return f"{row.first!r} {row.call.build} {call_name(row.call)} {apart.partition('?')[0]}"


def call_name(row: Called) -> str:
    """`instance_create`, `ssh run`."""
    return f"ssh {row.operation}" if isinstance(row, SshCalled) else row.operation


def _method(row: Called) -> str:
    return row.method if isinstance(row, ApiCalled) else "SSH"


def _subject(row: Called) -> str:
    return row.path if isinstance(row, ApiCalled) else row.text or row.place


def _request(row: Called) -> Cell:
    return Cell(row.request_id if isinstance(row, ApiCalled) else "", "muted")


def _clock(seconds: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(seconds))


def _status(row: Called) -> Cell:
    status = row.status
    if isinstance(row, SshCalled):
        if row.error:
            return Cell(f"✗ {row.error}", "bad")
        if status:
            return Cell(f"✗ {status}", "bad")
        return Cell("✓ open" if status is None else f"✓ {status}", "good")
    if status is None:
        return Cell("✗ no answer", "bad")
    return Cell(f"✓ {status}", "good") if status < 400 else Cell(f"✗ {status}", "bad")
