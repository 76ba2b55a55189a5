"""What a build makes is known before it is made, and removed whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from oxtui.build.disposal import SETTLE_SECONDS
from oxtui.build.journal import JournalError
from oxtui.build.ledger import Ledger
from oxtui.build.session import SessionFolders
from oxtui.component import events as e
from oxtui.component.resources import ResourceRecord, UnknownResourceKind
from tests.build.fake_rack import Broken, FakeRack, Lost, Refused
from tests.build.ledgers import Build, building


@pytest.fixture
async def build(tmp_path: Path) -> AsyncIterator[Build]:
    async with building(tmp_path) as made:
        yield made


async def test_the_intent_is_on_the_disk_before_anything_is_made(build: Build) -> None:
    async with build.ledger.create("fake.disk", "a", {"host": "rack"}) as intent:
        (record,) = await build.journal.resources()
        assert (record.number, record.name, record.state) == (intent.number, "a", "intended")
        assert build.told() == [("intended", "a")]
        intent.created("id-1")
    assert build.told() == [("intended", "a"), ("created", "a")]
    (record,) = await build.journal.resources()
    assert (record.state, record.id) == ("created", "id-1")


async def test_what_was_refused_was_never_made(build: Build) -> None:
    with pytest.raises(Refused):
        async with build.ledger.create("fake.disk", "a", {}) as intent:
            await intent.make(build.rack.refuse("fake.disk", "a"))
    assert await build.states() == {"a": "deleted"}
    assert build.told() == [("intended", "a"), ("deleted", "a")]
    assert await build.clean() == []


@pytest.mark.parametrize("answer", ["lost", "broken"])
async def test_what_was_made_without_an_answer_is_found_and_removed(
    build: Build, answer: str
) -> None:
    creating = {
        "lost": build.rack.create_and_lose_the_answer,
        "broken": build.rack.create_and_break,
    }[answer]
    with pytest.raises((Lost, Broken)):
        async with build.ledger.create("fake.disk", "a", {}) as intent:
            await intent.make(creating("fake.disk", "a"))
    assert await build.states() == {"a": "intended"}
    assert await build.clean() == []
    assert build.rack.names() == set()
    assert await build.states() == {"a": "deleted"}


async def test_what_may_still_appear_is_listed_until_it_cannot(build: Build) -> None:
    with pytest.raises(Lost):
        async with build.ledger.create("fake.disk", "a", {}) as intent:
            await intent.make(build.rack.accept_and_lose_the_answer("fake.disk", "a"))
    (left,) = await build.clean()
    assert "may still be at work" in left.reason
    assert left.command == "rack delete a"
    build.rack.arrive()
    assert await build.clean() == []
    assert build.rack.names() == set()


async def test_after_long_enough_what_is_not_there_never_was(build: Build) -> None:
    with pytest.raises(Lost):
        async with build.ledger.create("fake.disk", "a", {}) as intent:
            await intent.make(build.rack.accept_and_lose_the_answer("fake.disk", "a"))
    build.clock.time += SETTLE_SECONDS
    assert await build.clean() == []
    assert await build.states() == {"a": "deleted"}


async def test_an_answer_of_failure_makes_one_look_final(build: Build) -> None:
    with pytest.raises(Broken):
        async with build.ledger.create("fake.disk", "a", {}):
            raise Broken
    assert await build.clean() == []
    assert await build.states() == {"a": "deleted"}


async def test_cleanup_deletes_dependents_first(build: Build) -> None:
    await build.make_all()
    assert await build.clean() == []
    assert build.rack.log == ["a-snapshot", "a-instance", "a-disk", "a-key"]
    assert set((await build.states()).values()) == {"deleted"}


async def test_what_is_alike_goes_in_the_reverse_of_its_making(build: Build) -> None:
    for name in ("first", "second", "third"):
        await build.make("fake.disk", name)
    await build.clean()
    assert build.rack.log == ["third", "second", "first"]


async def test_what_was_gone_before_is_not_told_as_removed(build: Build) -> None:
    await build.make_all()
    build.rack.things.pop("id-2")
    assert await build.clean() == []
    deleted = [each for each in build.events if isinstance(each, e.ResourceDeleted)]
    assert {each.name for each in deleted if each.removed} == {"a-snapshot", "a-disk", "a-key"}
    assert [each.name for each in deleted if not each.removed] == ["a-instance"]


async def test_each_is_tried_even_if_another_could_not_be(build: Build) -> None:
    await build.make_all()
    build.rack.stuck = {"a-instance", "a-disk"}
    left = await build.clean()
    assert build.rack.names() == {"a-instance", "a-disk"}
    assert [(each.record.name, each.command, each.cost) for each in left] == [
        ("a-instance", "rack delete id-2", "1 vCPU"),
        ("a-disk", "rack delete id-3", ""),
    ]
    assert left[0].reason == "cannot delete a-instance: it is stuck"
    last = next(event for event in build.events if isinstance(event, e.ResourceLeft))
    assert (last.name, last.command) == ("a-instance", "rack delete id-2")
    build.rack.stuck.clear()
    assert await build.clean() == []
    assert build.rack.names() == set()


async def test_a_deletion_that_never_ends_takes_no_time_from_the_others(build: Build) -> None:
    await build.make_all()
    build.rack.slow = {"a-instance"}
    (left,) = await build.clean(seconds=0.4)
    assert left.record.name == "a-instance"
    assert "did not end within" in left.reason
    assert build.rack.names() == {"a-instance"}


async def test_an_unreachable_rack_leaves_a_list(build: Build) -> None:
    await build.make_all()

    def services(_: ResourceRecord) -> FakeRack:
        raise Lost("no route to the rack")

    left = await build.ledger.clean(services)
    assert {each.reason for each in left} == {"no route to the rack"}
    assert [each.record.name for each in left] == ["a-snapshot", "a-instance", "a-disk", "a-key"]
    assert build.ledger.leftovers == left


async def test_a_cancelled_cleanup_goes_on_to_its_end(build: Build) -> None:
    await build.make_all()
    build.rack.slow = {"a-snapshot"}
    build.rack.stuck = {"a-key"}
    task = asyncio.create_task(build.clean(seconds=0.4))
    await build.rack.deleting.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert build.rack.names() == {"a-snapshot", "a-key"}
    assert [each.record.name for each in build.ledger.leftovers] == ["a-snapshot", "a-key"]


@pytest.mark.parametrize(("answer", "state"), [("create", "created"), ("refuse", "deleted")])
async def test_a_cancelled_creation_is_waited_for_to_learn_what_came_of_it(
    build: Build, answer: str, state: str
) -> None:
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slowly() -> object:
        asked.set()
        await answered.wait()
        return await getattr(build.rack, answer)("fake.disk", "a")

    async def making() -> None:
        async with build.ledger.create("fake.disk", "a", {}) as intent:
            await intent.make(slowly())

    task = asyncio.create_task(making())
    await asked.wait()
    task.cancel()
    await asyncio.sleep(0)
    answered.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await build.states() == {"a": state}
    assert build.told()[-1] == (state, "a")


async def test_a_creation_that_never_answers_is_given_up(build: Build) -> None:
    asked = asyncio.Event()

    async def forever() -> object:
        asked.set()
        return await asyncio.get_running_loop().create_future()

    async def making() -> None:
        async with build.ledger.create("fake.disk", "a", {}) as intent:
            await intent.make(forever(), grace=0.01)

    task = asyncio.create_task(making())
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await build.states() == {"a": "intended"}


async def test_several_things_of_one_call_are_each_known(build: Build) -> None:
    async def making() -> None:
        async with (
            build.ledger.create("fake.instance", "vm", {}) as instance,
            build.ledger.create("fake.disk", "vm-disk", {}),
        ):
            instance.created((await build.rack.create("fake.instance", "vm")).id)
            await build.rack.create_and_lose_the_answer("fake.disk", "vm-disk")

    with pytest.raises(Lost):
        await making()
    assert await build.states() == {"vm": "created", "vm-disk": "intended"}
    assert await build.clean() == []
    assert build.rack.names() == set()


async def test_what_was_released_is_not_cleaned_up(build: Build) -> None:
    async with build.ledger.create("fake.snapshot", "result", {}) as intent:
        await intent.make(build.rack.create("fake.snapshot", "result"))
    await build.ledger.release(intent.number)
    await build.make("fake.key", "key")
    assert await build.clean() == []
    assert build.rack.names() == {"result"}


async def test_what_is_kept_is_listed_with_the_way_to_remove_it(build: Build) -> None:
    await build.make_all()
    left = await build.ledger.clean(
        build.services, keep=lambda record: record.kind in ("fake.instance", "fake.disk")
    )
    assert build.rack.names() == {"a-instance", "a-disk"}
    assert [(each.record.name, each.record.kept) for each in left] == [
        ("a-instance", True),
        ("a-disk", True),
    ]
    assert all(each.command for each in left)
    assert {r.name for r in await build.journal.resources() if r.kept} == build.rack.names()


async def test_leaving_everything_deletes_nothing(build: Build) -> None:
    await build.make_all()
    left = await build.ledger.leave("aborted without cleanup")
    assert build.rack.log == []
    assert len(build.rack.things) == len(left) == 4
    assert not any(each.record.kept for each in left)
    assert {r.reason for r in await build.journal.resources()} == {"aborted without cleanup"}


async def test_a_cleanup_may_be_about_a_part(build: Build) -> None:
    await build.make_all()
    await build.ledger.clean(build.services, only=lambda record: record.kind == "fake.snapshot")
    assert build.rack.names() == {"a-key", "a-instance", "a-disk"}


async def test_a_build_cleans_up_nothing_of_another(build: Build) -> None:
    await build.make("fake.key", "mine")
    number = await build.journal.intend(build.session, "db", "fake.key", "theirs", {})
    thing = await build.rack.create("fake.key", "theirs")
    await build.journal.created(number, thing.id)
    await build.clean()
    assert build.rack.names() == {"theirs"}


async def test_the_key_of_a_machine_goes_with_it(build: Build, tmp_path: Path) -> None:
    folder = SessionFolders(tmp_path).folder(build.session)
    await build.make("fake.instance", "vm")
    await build.make("fake.disk", "disk")
    folder.keep_key("web", "secret")
    await build.ledger.clean(build.services, only=lambda record: record.kind == "fake.disk")
    assert folder.key("web").exists()
    await build.clean()
    assert not folder.key("web").exists()


async def test_without_a_journal_nothing_is_made(build: Build) -> None:
    async def refuse(*_: object) -> int:
        raise JournalError("the disk is full")

    build.journal.intend = refuse  # type: ignore[method-assign,assignment]
    with pytest.raises(JournalError, match="full"):
        await build.make("fake.disk", "a")
    assert build.rack.names() == set()
    assert build.events == []


async def test_cleanup_goes_on_where_the_journal_cannot_be_written(build: Build) -> None:
    await build.make_all()

    async def refuse(number: int) -> None:
        raise JournalError("the disk is full")

    build.journal.deleted = refuse  # type: ignore[method-assign]
    assert await build.clean() == []
    assert build.rack.names() == set()
    notes = [event.text for event in build.events if isinstance(event, e.Noted)]
    assert notes == ["the disk is full"] * 4


async def test_a_block_that_tells_no_id_is_a_mistake(build: Build) -> None:
    with pytest.raises(RuntimeError, match="nobody told the id of"):
        async with build.ledger.create("fake.disk", "a", {}):
            pass
    assert await build.states() == {"a": "intended"}


async def test_an_unknown_kind_is_refused_before_anything_happens(build: Build) -> None:
    ledger = Ledger(build.journal, build.session, "web", build.events.append)
    with pytest.raises(UnknownResourceKind, match="resource kind"):
        async with ledger.create("fake.disk", "a", {}):
            pass
    assert await build.journal.resources() == []
