"""What post-processors made is removed through what they have open, else through its provider."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import oxtui.build
from oxtui.build.elsewhere import Elsewhere
from oxtui.build.ledger import Ledger
from oxtui.component.providers import PROVIDERS
from oxtui.component.registry import COMPONENTS, component
from oxtui.component.resources import ResourceRecord
from tests.build.fake_rack import FakeRack
from tests.build.ledgers import Build, building


@pytest.fixture
async def build(tmp_path: Path) -> AsyncIterator[Build]:
    async with building(tmp_path) as made:
        yield made


class Reached:
    """Opens a service of its own, and knows for which resources."""

    def __init__(self) -> None:
        self.service = FakeRack()
        self.asked: list[str] = []

    @asynccontextmanager
    async def __call__(self, record: ResourceRecord) -> AsyncIterator[FakeRack]:
        self.asked.append(record.name)
        yield self.service


async def made_there(ledger: Ledger, rack: FakeRack, name: str, host: str) -> None:
    async with ledger.create("fake.disk", name, {"host": host}) as intent:
        await intent.make(rack.create("fake.disk", name))


async def test_what_the_builder_does_not_hold_is_removed_where_it_is(build: Build) -> None:
    reached, open_ = Reached(), FakeRack()
    build.ledger.elsewhere = elsewhere = Elsewhere(reached)
    elsewhere.opened("fake")["open"] = open_
    await made_there(build.ledger, build.rack, "of-builder", "rack")
    await made_there(build.ledger, open_, "of-post-processor", "open")
    await made_there(build.ledger, reached.service, "of-process-before", "closed")
    left = await build.ledger.clean(lambda r: build.rack if r.name == "of-builder" else None)
    assert left == []
    assert reached.asked == ["of-process-before"]
    assert [build.rack.things, open_.things, reached.service.things] == [{}, {}, {}]


async def test_what_cannot_be_reached_is_left_with_the_reason(build: Build) -> None:
    @asynccontextmanager
    async def keyless(_: ResourceRecord) -> AsyncIterator[FakeRack]:
        raise LookupError("there is no key")
        yield

    build.ledger.elsewhere = Elsewhere(keyless)
    await made_there(build.ledger, build.rack, "a", "rack")
    await made_there(build.ledger, build.rack, "b", "rack")
    left = await build.ledger.clean(lambda _: None)
    assert {(each.record.name, each.reason) for each in left} == {
        ("a", "there is no key"), ("b", "there is no key"),
    }  # fmt: skip


async def test_what_one_provider_has_open_is_not_taken_for_that_of_another() -> None:
    reached = Reached()
    elsewhere = Elsewhere(reached)
    elsewhere.opened("other")["rack"] = FakeRack()
    record = ResourceRecord(
        number=1, session=1, build="b", kind="fake.disk", name="a", locator={"host": "rack"}, time=0
    )
    async with elsewhere(record) as service:
        assert service is reached.service


@pytest.mark.parametrize("name", COMPONENTS["post-processor"])
def test_the_engine_knows_of_a_post_processor_only_what_it_declares(name: str) -> None:
    provider = component("post-processor", name).provider
    assert provider in ("", *PROVIDERS)
    if provider:
        folder = Path(oxtui.build.__file__).parent
        named = re.compile(rf"\b{provider}\b|{re.escape(name)}", re.IGNORECASE)
        assert [p for p in folder.rglob("*.py") if named.search(p.read_text())] == []
