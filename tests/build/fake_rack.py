"""A rack in memory that fails in the ways of a real one, and the resource kinds of it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from oxtui.component.resources import ResourceRecord, Verdict


class Refused(Exception):
    """An answer that proves that nothing was made."""


class Broken(Exception):
    """An answer after which one look settles whether something was made."""


class Lost(Exception):
    """No answer."""


@dataclass
class Clock:
    """Moves only when told to."""

    time: float = 1000.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Thing:
    id: str
    kind: str
    name: str


@dataclass
class FakeRack:
    """What exists, by id; `watch` is told of every change as it happens."""

    things: dict[str, Thing] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    stuck: set[str] = field(default_factory=set)
    """Names whose deletion fails."""
    slow: set[str] = field(default_factory=set)
    """Names whose deletion never ends."""
    unreachable: bool = False
    late: list[Thing] = field(default_factory=list)
    """Accepted, to be made when `arrive` is called."""
    watch: Callable[[], None] = lambda: None
    deleting: asyncio.Event = field(default_factory=asyncio.Event)
    """Set with the first deletion."""
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def create(self, kind: str, name: str) -> Thing:
        thing = self._thing(kind, name)
        self._add(thing)
        return thing

    async def create_and_lose_the_answer(self, kind: str, name: str) -> Thing:
        self._add(self._thing(kind, name))
        raise Lost(name)

    async def accept_and_lose_the_answer(self, kind: str, name: str) -> Thing:
        self.late.append(self._thing(kind, name))
        raise Lost(name)

    async def create_and_break(self, kind: str, name: str) -> Thing:
        self._add(self._thing(kind, name))
        raise Broken(name)

    async def refuse(self, kind: str, name: str) -> Thing:
        raise Refused(f"{kind} {name}")

    def arrive(self) -> None:
        """What was accepted is made."""
        while self.late:
            self._add(self.late.pop())

    def names(self) -> set[str]:
        return {thing.name for thing in self.things.values()}

    @asynccontextmanager
    async def connect(self, _: ResourceRecord) -> AsyncIterator[FakeRack]:
        if self.unreachable:
            raise Lost("no route to the rack")
        yield self

    def _thing(self, kind: str, name: str) -> Thing:
        return Thing(f"id-{next(self._ids)}", kind, name)

    def _add(self, thing: Thing) -> None:
        self.things[thing.id] = thing
        self.watch()


@dataclass
class FakeKind:
    """A kind of the rack in memory."""

    name: str
    order: int
    is_machine: bool = False
    at_once: bool = False

    @property
    def title(self) -> str:
        return self.name.partition(".")[2]

    async def find(self, service: FakeRack, record: ResourceRecord) -> str | None:
        found = [t.id for t in service.things.values() if t.id == record.id]
        by_name = [
            t.id
            for t in service.things.values()
            if t.kind == record.kind and t.name == record.name and not record.id
        ]
        return next(iter(found + by_name), None)

    async def delete(self, service: FakeRack, record: ResourceRecord) -> bool:
        service.log.append(record.name)
        service.deleting.set()
        if record.name in service.stuck:
            raise Broken(f"cannot delete {record.name}: it is stuck")
        if record.name in service.slow:
            await asyncio.get_running_loop().create_future()
        return service.things.pop(record.id, None) is not None

    def verdict(self, error: BaseException) -> Verdict:
        match error:
            case Refused():
                return "absent"
            case Broken():
                return "answered"
        return "unknown"

    def command(self, record: ResourceRecord) -> str:
        return f"rack delete {record.id or record.name}"

    def cost(self, record: ResourceRecord) -> str:
        return "1 vCPU" if self.is_machine else ""


KINDS = {
    kind.name: kind
    for kind in (
        FakeKind("fake.snapshot", 10),
        FakeKind("fake.instance", 20, is_machine=True),
        FakeKind("fake.disk", 30),
        FakeKind("fake.key", 40),
    )
}


def kinds(name: str) -> FakeKind:
    return KINDS[name]
