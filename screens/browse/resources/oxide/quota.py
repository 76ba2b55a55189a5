"""The quota of the silo and what is used of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screens.browse.look import Look
from screens.browse.resource import Fact, Resource, Scope
from screens.tables.cell import Cell, Column, Tone
from screens.tables.model import Order
from screens.wording import size

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient

_BAR = 20
_WARN, _FULL = 0.75, 0.9


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that is limited; `used`, `limit` and `free` in its own unit."""

    name: str
    used: int
    limit: int
    free: int
    counts: str
    """What counts towards it."""
    in_bytes: bool

    def text(self, value: int) -> str:
        """A value in words."""
        return size(value) if self.in_bytes else str(value)

    @property
    def share(self) -> float:
        """How much of it is used, 0 to 1 and beyond."""
        return self.used / self.limit if self.limit else 1.0

    @property
    def tone(self) -> Tone:
        """Green, yellow from three quarters, red from nine tenths."""
        if self.share >= _FULL:
            return "bad"
        return "warn" if self.share >= _WARN else "good"


def _bar(row: Quantity) -> Cell:
    filled = min(_BAR, round(row.share * _BAR))
    return Cell(f"{'━' * filled}{'╌' * (_BAR - filled)} {row.share:4.0%}", row.tone)


def _columns(_look: Look) -> Sequence[Column]:
    return (
        Column(title="NAME", cell=lambda row: row.name, minimum=8),
        Column(title="USED", cell=lambda row: row.text(row.used), right=True, searched=False),
        Column(title="LIMIT", cell=lambda row: row.text(row.limit), right=True, searched=False),
        Column(title="FREE", cell=lambda row: row.text(row.free), right=True, searched=False),
        Column(
            title="SHARE",
            cell=_bar,
            sort=lambda row: row.share,
            priority=2,
            minimum=_BAR + 5,
            searched=False,
        ),
    )


async def _pages(client: OxideClient, _scope: Scope) -> AsyncIterator[list[Any]]:
    found = await client.session.utilization()
    used, limit, free = found.provisioned, found.capacity, found.free
    yield [
        Quantity("vCPUs", used.cpus, limit.cpus, free.cpus, "started instances", in_bytes=False),
        Quantity("memory", used.memory, limit.memory, free.memory, "started instances", True),
        Quantity("storage", used.storage, limit.storage, free.storage, "disks and snapshots", True),
    ]


def _facts(row: Any, _look: Look) -> Sequence[Fact]:
    return [
        Fact("used", row.text(row.used)),
        Fact("limit", row.text(row.limit)),
        Fact("free", row.text(row.free), row.tone),
        Fact("counts", row.counts),
        Fact("", "images cost no quota", "muted"),
        Fact("", "a build needs storage for two boot disks at its peak", "muted"),
    ]


QUOTA = Resource(
    id="quota",
    one="limit",
    columns=_columns,
    pages=_pages,
    facts=_facts,
    order=Order(),
    key=lambda row: str(row.name),
    in_projects=False,
)
