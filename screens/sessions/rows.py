"""The table of sessions: what each was, how it ended, and what it left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from oxtui.build.journal.rows import SessionRecord
from screens.build.look import duration
from screens.tables.cell import Cell, Column, Tone
from screens.tables.model import TableModel
from screens.wording import age

_STATES: dict[str, tuple[str, Tone]] = {
    "running": ("◐ running", "busy"),
    "succeeded": ("✓ succeeded", "good"),
    "failed": ("✗ failed", "bad"),
    "cancelled": ("⊘ cancelled", "muted"),
    "kept": ("◇ kept", "warn"),
    "cut_off": ("✗ cut off", "bad"),
}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session; `state` is `running` or `cut_off` where it has no end."""

    record: SessionRecord
    state: str

    @property
    def leftovers(self) -> int:
        """Resources that may still exist; those of a running session are its own business."""
        return 0 if self.state == "running" else self.record.leftovers

    @property
    def why_not(self) -> str:
        """Why it cannot be resumed; empty where it can, as far as its record tells."""
        from oxtui.build.resume.continued import why_not

        return why_not(self.record, live=self.state == "running")


def sessions(clock: Callable[[], float]) -> TableModel[SessionRow]:
    """The model of the table; `clock` in Unix seconds."""
    return TableModel[SessionRow](
        (
            Column(
                title="SESSION", cell=lambda row: str(row.record.number), priority=1, right=True,
                sort=lambda row: row.record.number,
            ),
            Column(title="STATE", cell=lambda row: Cell(*_STATES[row.state]), priority=1, minimum=11),
            Column(title="TEMPLATE", cell=lambda row: row.record.template, priority=1, minimum=16),
            Column(title="IMAGE", cell=lambda row: row.record.image or "–", priority=2, minimum=12),
            Column(
                title="LEFT", cell=_left, priority=1, right=True, sort=lambda row: row.leftovers
            ),
            Column(
                title="STARTED", cell=lambda row: _age(row, clock()), priority=3, searched=False,
                minimum=13,
                sort=lambda row: -row.record.started,
            ),
            Column(title="TOOK", cell=lambda row: _took(row, clock()), priority=4, right=True),
            Column(title="RACK", cell=_rack, priority=5, minimum=16),
        ),
        key=lambda row: str(row.record.number),
    )  # fmt: skip


def _left(row: SessionRow) -> Cell:
    return Cell(str(row.leftovers), "bad") if row.leftovers else Cell("–", "muted")


def _age(row: SessionRow, now: float) -> str:
    return age(datetime.fromtimestamp(row.record.started, UTC), now)


def _took(row: SessionRow, now: float) -> str:
    end = row.record.finished if row.record.finished is not None else now
    if row.state == "cut_off":
        return "–"
    return duration(max(0.0, end - row.record.started))


def _rack(row: SessionRow) -> Cell:
    if row.record.simulated:
        return Cell("demo rack", "muted")
    return Cell(row.record.host.partition("://")[2] or "–")
