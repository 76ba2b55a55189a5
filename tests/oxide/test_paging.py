"""Lists end, and hold each item once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oxtui.oxide.errors import Forbidden, UnreadableReply
from tests.oxide import samples
from tests.oxide.rig import client
from tests.oxide.wire import Handler, Reply, Request, refusal, wire


def listing(names: list[str]) -> Handler:
    """A list as the API gives it: a token with every page that is not empty."""

    def answer(request: Request) -> Reply:
        assert request.params.get("project") == "web"
        limit = int(request.params["limit"])
        start = int(request.params.get("page_token", "0"))
        found = names[start : start + limit]
        token = str(start + len(found)) if found else None
        return Reply(samples.page([samples.disk(name) for name in found], token))

    return answer


@given(count=st.integers(0, 12), limit=st.integers(1, 13))
@settings(max_examples=40)
async def test_every_item_comes_once_in_pages_of_the_asked_size(count: int, limit: int) -> None:
    names = [f"disk-{number}" for number in range(count)]
    async with wire(listing(names)) as rack, client(rack.host) as oxide:
        pages = [page async for page in oxide.disks.pages("web", limit=limit)]
    assert [disk.name for page in pages for disk in page] == names
    assert all(len(page) == limit for page in pages[:-1])
    assert all(pages)
    assert len(rack.requests) == count // limit + 1


async def test_a_page_is_shown_before_the_next_is_asked_for() -> None:
    async with wire(listing(["a", "b", "c"])) as rack, client(rack.host) as oxide:
        pages = oxide.disks.pages("web", limit=2)
        assert [disk.name for disk in await anext(pages)] == ["a", "b"]
        assert len(rack.requests) == 1
        assert [disk.name for disk in await anext(pages)] == ["c"]
        with pytest.raises(StopAsyncIteration):
            await anext(pages)
        assert len(rack.requests) == 2


async def test_more_than_the_server_gives_is_not_asked_for() -> None:
    async with wire(listing(["a"])) as rack, client(rack.host) as oxide:
        assert [page async for page in oxide.disks.pages("web", limit=20_000)]
    assert rack.requests[0].params["limit"] == "10000"


async def test_a_limit_of_zero_is_a_mistake_of_ours() -> None:
    async with wire(listing([])) as rack, client(rack.host) as oxide:
        with pytest.raises(ValueError, match="at least one"):
            await anext(oxide.disks.pages("web", limit=0))
    assert rack.requests == []


async def test_a_rack_that_repeats_a_page_for_ever_is_left() -> None:
    def answer(_: Request) -> Reply:
        return Reply(samples.page([samples.project()], "again"))

    async with wire(answer) as rack, client(rack.host) as oxide:
        with pytest.raises(UnreadableReply, match="the same page again"):
            assert [page async for page in oxide.projects.pages(limit=1)]
    assert len(rack.requests) == 2


async def test_an_error_on_the_second_page_is_raised_after_the_first_is_delivered() -> None:
    def answer(request: Request) -> Reply:
        if "page_token" in request.params:
            return refusal(403, "Forbidden", "Forbidden")
        return Reply(samples.page([samples.project()], "next"))

    async with wire(answer) as rack, client(rack.host) as oxide:
        pages = oxide.projects.pages(limit=1)
        assert [project.name for project in await anext(pages)] == ["web"]
        with pytest.raises(Forbidden, match="Not authorized to list projects"):
            await anext(pages)
