"""A build of tests with a ledger, over a rack in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from oxtui.build.disposal import Leftover
from oxtui.build.journal import Journal
from oxtui.build.ledger import Ledger
from oxtui.build.session import SessionFolders
from oxtui.component import events as e
from oxtui.component.event_records import event_type
from oxtui.component.resources import ResourceRecord
from oxtui.logs.redact import Redactor
from tests.build.fake_rack import Clock, FakeRack, kinds


@dataclass
class Build:
    """A build with a rack, a journal and a ledger."""

    journal: Journal
    rack: FakeRack
    session: int
    ledger: Ledger
    events: list[e.Event] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)

    def services(self, _: ResourceRecord) -> FakeRack:
        return self.rack

    async def make(self, kind: str, name: str) -> None:
        async with self.ledger.create(kind, name, {"host": "rack"}) as intent:
            await intent.make(self.rack.create(kind, name))

    async def make_all(self) -> None:
        for kind in ("key", "instance", "disk", "snapshot"):
            await self.make(f"fake.{kind}", f"a-{kind}")

    async def clean(self, seconds: float = 600.0) -> list[Leftover]:
        return await self.ledger.clean(self.services, seconds=seconds)

    async def states(self) -> dict[str, str]:
        return {r.name: r.state for r in await self.journal.resources()}

    def told(self) -> list[tuple[str, str]]:
        """Events of resources, in short."""
        return [
            (event_type(event).removeprefix("resource_"), getattr(event, "name", ""))
            for event in self.events
        ]


@asynccontextmanager
async def building(tmp_path: Path) -> AsyncIterator[Build]:
    """The build, whose clock moves only when told to."""
    clock = Clock()
    async with Journal.open(tmp_path / "journal.sqlite", Redactor(), now=clock) as journal:
        session = await journal.begin_session("web.pkr.hcl")
        with SessionFolders(tmp_path).claim(session) as folder:
            events: list[e.Event] = []
            ledger = Ledger(
                journal,
                session,
                "web",
                events.append,
                folder=folder,
                kinds=kinds,
                now=clock,
                patience=0.0,
            )
            yield Build(journal, FakeRack(), session, ledger, events, clock)
