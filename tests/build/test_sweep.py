"""Sweep lists all that dead sessions left, and removes it; what lives it does not touch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from oxtui.build.disposal import SETTLE_SECONDS
from oxtui.build.journal import Journal
from oxtui.build.session import SessionFolders
from oxtui.build.sweep import Sweeper, Swept
from oxtui.component import events as e
from oxtui.component.resources import ResourceRecord
from oxtui.logs.redact import Redactor
from tests.build.fake_rack import Clock, FakeRack, kinds


@dataclass
class Site:
    """Two racks, and what sessions left on them."""

    journal: Journal
    folders: SessionFolders
    sweeper: Sweeper
    clock: Clock
    racks: dict[str, FakeRack] = field(default_factory=dict)

    async def left(self, kind: str, name: str, *, host: str = "one", session: int = 1) -> int:
        """Something that a session made."""
        number = await self.intended(kind, name, host=host, session=session)
        await self.journal.created(number, (await self.racks[host].create(kind, name)).id)
        return number

    async def intended(self, kind: str, name: str, *, host: str = "one", session: int = 1) -> int:
        """Something that a session was about to make when it died."""
        return await self.journal.intend(session, "web", kind, name, {"host": host})

    async def names(self, **options: float) -> list[str]:
        """Of what would be removed."""
        return [each.record.name for each in await self.sweeper.plan(**options)]  # type: ignore[arg-type]

    async def sweep(self) -> list[Swept]:
        return await self.sweeper.remove(await self.sweeper.plan())


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    clock = Clock()
    folders = SessionFolders(tmp_path)
    racks = {"one": FakeRack(), "two": FakeRack()}
    async with Journal.open(tmp_path / "journal.sqlite", Redactor(), now=clock) as journal:
        for name in ("first", "second"):
            await journal.begin_session(name)
        sweeper = Sweeper(
            journal,
            folders,
            lambda record: racks[record.locator["host"]].connect(record),
            kinds,
            now=clock,
            look_seconds=5,
            remove_seconds=0.4,
        )
        yield Site(journal, folders, sweeper, clock, racks)


async def test_everything_that_was_left_is_listed_in_order_and_removed(site: Site) -> None:
    for kind in ("key", "instance", "disk", "snapshot"):
        await site.left(f"fake.{kind}", f"a-{kind}", session=1)
    await site.left("fake.disk", "b-disk", session=2)
    site.clock.time += 90
    plan = await site.sweeper.plan()
    names = ["a-snapshot", "a-instance", "b-disk", "a-disk", "a-key"]
    assert [each.record.name for each in plan] == names
    assert {each.age for each in plan} == {90.0}
    assert {each.exists for each in plan} == {True}
    assert (plan[1].command, plan[1].cost) == ("rack delete id-2", "1 vCPU")
    told: list[Swept] = []
    done = await site.sweeper.remove(plan, told.append)
    assert done == told
    assert [(each.leftover.record.name, each.removed) for each in done] == [
        (name, True) for name in names
    ]
    assert site.racks["one"].log == names
    assert site.racks["one"].names() == set()
    assert await site.sweeper.plan() == []
    events = [each.event for each in await site.journal.events(1)]
    assert [event.name for event in events if isinstance(event, e.ResourceDeleted)] == [
        "a-snapshot",
        "a-instance",
        "a-disk",
        "a-key",
    ]


async def test_what_a_live_session_owns_is_not_touched(site: Site) -> None:
    await site.left("fake.key", "living", session=1)
    await site.left("fake.key", "dead", session=2)
    with site.folders.claim(1):
        assert await site.names() == ["dead"]
        await site.sweep()
        assert site.racks["one"].names() == {"living"}
    assert await site.names() == ["living"]


async def test_a_session_that_comes_to_life_after_the_list_is_not_touched(site: Site) -> None:
    await site.left("fake.key", "a", session=1)
    plan = await site.sweeper.plan()
    with site.folders.claim(1):
        (swept,) = await site.sweeper.remove(plan)
    assert not swept.removed
    assert "Session 1 is at work" in swept.reason
    assert site.racks["one"].names() == {"a"}


async def test_a_session_is_locked_while_it_is_swept(site: Site) -> None:
    await site.left("fake.key", "a", session=1)
    seen: list[bool] = []
    await site.sweeper.remove(
        await site.sweeper.plan(), lambda _: seen.append(site.folders.is_live(1))
    )
    assert seen == [True]
    assert not site.folders.is_live(1)


async def test_an_intent_is_looked_up_by_name(site: Site) -> None:
    await site.intended("fake.disk", "made")
    thing = await site.racks["one"].create("fake.disk", "made")
    await site.intended("fake.disk", "never-made")
    site.clock.time += SETTLE_SECONDS
    (left,) = await site.sweeper.plan()
    assert (left.record.name, left.record.id, left.exists) == ("made", thing.id, True)
    assert left.command == f"rack delete {thing.id}"
    states = {r.name: r.state for r in await site.journal.resources()}
    assert states == {"made": "created", "never-made": "deleted"}


async def test_a_young_intent_that_is_not_there_may_still_appear(site: Site) -> None:
    await site.intended("fake.disk", "a")
    (left,) = await site.sweeper.plan()
    assert left.exists is False
    assert "may still be at work" in left.reason
    (swept,) = await site.sweep()
    assert not swept.removed
    await site.racks["one"].create("fake.disk", "a")
    (swept,) = await site.sweep()
    assert swept.removed
    assert site.racks["one"].names() == set()


async def test_what_somebody_else_removed_is_not_listed(site: Site) -> None:
    await site.left("fake.disk", "a")
    site.racks["one"].things.clear()
    assert await site.names() == []
    assert [r.state for r in await site.journal.resources()] == ["deleted"]


async def test_each_is_tried_even_if_another_cannot_be_removed(site: Site) -> None:
    await site.left("fake.key", "a-key")
    await site.left("fake.instance", "a-instance")
    await site.left("fake.disk", "a-disk")
    site.racks["one"].stuck = {"a-instance"}
    site.racks["one"].slow = {"a-disk"}
    done = {each.leftover.record.name: each for each in await site.sweep()}
    assert done["a-key"].removed
    assert done["a-instance"].reason == "cannot delete a-instance: it is stuck"
    assert "did not end within" in done["a-disk"].reason
    left = {r.name: r for r in await site.journal.resources(states=["left"])}
    assert left.keys() == {"a-instance", "a-disk"}
    assert left["a-instance"].reason == "cannot delete a-instance: it is stuck"
    site.racks["one"].stuck.clear()
    site.racks["one"].slow.clear()
    await site.sweep()
    assert site.racks["one"].names() == set()


async def test_a_rack_that_cannot_be_reached_keeps_nothing_else_from_removal(site: Site) -> None:
    await site.left("fake.key", "here", host="one")
    await site.left("fake.key", "there", host="two")
    site.racks["two"].unreachable = True
    plan = await site.sweeper.plan()
    assert [(each.record.name, each.exists, each.reason) for each in plan] == [
        ("there", None, "no route to the rack"),
        ("here", True, ""),
    ]
    done = {each.leftover.record.name: each for each in await site.sweeper.remove(plan)}
    assert done["here"].removed
    assert done["there"].reason == "no route to the rack"
    assert site.racks["two"].names() == {"there"}


async def test_a_kind_of_a_newer_oxtui_is_listed(site: Site) -> None:
    from oxtui.component.resources import UnknownResourceKind

    def some(name: str) -> object:
        if name == "fake.cluster":
            raise UnknownResourceKind(name)
        return kinds(name)

    await site.left("fake.cluster", "tomorrow")
    await site.left("fake.key", "today")
    sweeper = Sweeper(
        site.journal,
        site.folders,
        lambda record: site.racks["one"].connect(record),
        some,  # type: ignore[arg-type]
        now=site.clock,
    )
    plan = {each.record.name: each for each in await sweeper.plan()}
    assert 'no resource kind "fake.cluster"' in plan["tomorrow"].reason
    assert plan["tomorrow"].command == ""
    done = {each.leftover.record.name: each for each in await sweeper.remove([*plan.values()])}
    assert done["today"].removed
    assert not done["tomorrow"].removed


async def test_results_and_checkpoints_are_not_touched(site: Site) -> None:
    await site.journal.release(await site.left("fake.snapshot", "result"))
    await site.left("fake.snapshot", "checkpoint")

    def held(record: ResourceRecord) -> bool:
        return record.name == "checkpoint"

    sweeper = Sweeper(site.journal, site.folders, site.sweeper.connect, kinds, held, now=site.clock)
    assert await sweeper.plan() == []
    assert await site.names() == ["checkpoint"]


async def test_a_list_may_be_about_one_session_or_about_old_things(site: Site) -> None:
    await site.left("fake.key", "old", session=1)
    site.clock.time += 3600
    await site.left("fake.key", "new", session=2)
    assert await site.names(older_than=1800) == ["old"]
    assert await site.names(session=2) == ["new"]


async def test_the_key_of_a_kept_machine_goes_when_the_machine_goes(site: Site) -> None:
    number = await site.left("fake.instance", "vm")
    await site.journal.left(number, "kept on request", kept=True)
    key = site.folders.folder(1).keep_key("web", "secret")
    (left,) = await site.sweeper.plan()
    assert left.record.kept
    assert left.reason == "kept on request"
    assert key.exists()
    await site.sweeper.remove([left])
    assert not key.exists()


async def test_a_kept_machine_that_cannot_be_removed_stays_kept(site: Site) -> None:
    number = await site.left("fake.instance", "vm")
    await site.journal.left(number, "kept on request", kept=True)
    site.racks["one"].stuck = {"vm"}
    await site.sweep()
    (left,) = await site.sweeper.plan()
    assert left.record.kept
