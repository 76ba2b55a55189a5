"""The law of the ledger: at every instant, what exists outside is listed in the journal.

Builds make things on a rack that fails in every way it can, are cancelled, cleaned up, killed and
swept in any order. After each change of the rack, and not only at rest, every thing on it has an
open record; and in the end a sweep leaves nothing.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from oxtui.build.disposal import SETTLE_SECONDS
from oxtui.build.journal import Journal
from oxtui.build.journal.rows import read_resources
from oxtui.build.journal.schema import connect
from oxtui.build.ledger import Ledger
from oxtui.build.session import SessionFolders
from oxtui.build.sweep import Sweeper
from oxtui.component.resources import ResourceRecord
from oxtui.logs.redact import Redactor
from tests.build.fake_rack import KINDS, Broken, Clock, FakeRack, Lost, Refused, kinds

pytestmark = pytest.mark.slow

KIND = st.sampled_from(sorted(KINDS))
HOW = st.sampled_from(
    [
        "create",
        "create_and_lose_the_answer",
        "accept_and_lose_the_answer",
        "create_and_break",
        "refuse",
    ]
)


class World(RuleBasedStateMachine):
    """A rack, a journal, and builds that come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.path = self.root / "journal.sqlite"
        self.runner = asyncio.Runner()
        self.clock = Clock()
        self.rack = FakeRack()
        self.rack.watch = self.check
        self.count = 0
        self.process = AsyncExitStack()
        self.run_process()
        self.witness = connect(self.path, busy_seconds=1)

    def run_process(self) -> None:
        """Begin a session, as a process of its own would."""

        async def begin() -> None:
            self.journal = await self.process.enter_async_context(
                Journal.open(self.path, Redactor(), now=self.clock)
            )
            session = await self.journal.begin_session("law")
            self.folders = SessionFolders(self.root)
            self.process.enter_context(self.folders.claim(session))
            self.ledger = Ledger(
                self.journal,
                session,
                "web",
                lambda event: self.journal.append(session, event),
                kinds=kinds,
                now=self.clock,
                patience=0.0,
            )

        self.runner.run(begin())

    def check(self) -> None:
        """Each thing that exists has a record that is open, seen by another connection."""
        records = self.open_records()
        listed = {(record.kind, record.name) for record in records}
        assert {(t.kind, t.name) for t in self.rack.things.values()} <= listed
        by_id = {record.id: record.name for record in records if record.id}
        for thing in self.rack.things.values():
            assert by_id.get(thing.id, thing.name) == thing.name

    @rule(kind=KIND, how=HOW, cancel=st.booleans())
    def build(self, kind: str, how: str, cancel: bool) -> None:
        self.count += 1
        name = f"thing-{self.count}"

        async def make() -> None:
            asked, answer = asyncio.Event(), asyncio.Event()

            async def slowly() -> object:
                asked.set()
                await answer.wait()
                return await getattr(self.rack, how)(kind, name)

            async def step() -> None:
                async with self.ledger.create(kind, name, {"host": "rack"}) as intent:
                    await intent.make(slowly())

            task = asyncio.create_task(step())
            await asked.wait()
            if cancel:
                task.cancel()
                await asyncio.sleep(0)
            answer.set()
            with suppress(Lost, Broken, Refused, asyncio.CancelledError):
                await task

        self.runner.run(make())

    @precondition(lambda self: self.open_records())
    @rule(stuck=st.booleans())
    def clean(self, stuck: bool) -> None:
        self.rack.stuck = set(sorted(self.rack.names())[::2]) if stuck else set()
        left = self.runner.run(self.ledger.clean(lambda _: self.rack))
        mine = {r.number for r in self.open_records() if r.session == self.session()}
        assert {each.record.number for each in left} == mine
        self.rack.stuck = set()

    @precondition(lambda self: self.rack.late)
    @rule()
    def arrive(self) -> None:
        self.rack.arrive()

    @precondition(lambda self: self.open_records())
    @rule(seconds=st.sampled_from([1.0, SETTLE_SECONDS]))
    def wait(self, seconds: float) -> None:
        self.rack.arrive()  # a rack ends what it accepted in less than that time
        self.clock.time += seconds

    @precondition(lambda self: self.open_records())
    @rule()
    def die(self) -> None:
        """The process ends without a word: its lock goes, its records stay."""
        self.runner.run(self.process.aclose())
        self.process = AsyncExitStack()
        self.run_process()

    @precondition(lambda self: self.open_records())
    @rule(unreachable=st.booleans())
    def sweep(self, unreachable: bool) -> None:
        self.rack.unreachable = unreachable
        self.runner.run(self.swept())
        self.rack.unreachable = False

    @precondition(lambda self: self.rack.things)
    @rule()
    def remove_by_hand(self) -> None:
        self.rack.things.pop(next(iter(self.rack.things)))

    @invariant()
    def all_that_exists_is_listed(self) -> None:
        self.check()

    def open_records(self) -> list[ResourceRecord]:
        """What may exist, as another connection sees it."""
        return read_resources(self.witness, None, ("intended", "created", "left"))

    def session(self) -> int:
        return int(self.witness.execute("SELECT max(number) FROM sessions").fetchone()[0])

    async def swept(self) -> int:
        """How much a sweep leaves."""
        sweeper = Sweeper(self.journal, self.folders, self.rack.connect, kinds, now=self.clock)
        before = set(self.rack.things)
        mine = {
            record.id
            for record in await self.journal.resources(self.session())
            if record.state != "deleted"
        }
        done = await sweeper.remove(await sweeper.plan())
        assert mine & before <= set(self.rack.things), "a live session's things were swept"
        return sum(not each.removed for each in done)

    def teardown(self) -> None:
        try:
            self.wait(SETTLE_SECONDS)
            self.die()
            assert self.runner.run(self.swept()) == 0
            assert self.rack.things == {}
            assert self.open_records() == []
        finally:
            self.runner.run(self.process.aclose())
            self.runner.close()
            self.witness.close()
            shutil.rmtree(self.root)


World.TestCase.settings = settings(max_examples=80, stateful_step_count=15)
TestLaw = World.TestCase
