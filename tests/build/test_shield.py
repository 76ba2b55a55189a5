"""Work that is shielded ends, whoever is cancelled meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from oxtui.build.shield import shielded


async def test_without_a_cancellation_it_is_the_work_itself() -> None:
    async def work() -> int:
        return 7

    async def broken() -> int:
        raise ValueError("no")

    assert await shielded(work()) == 7
    with pytest.raises(ValueError, match="no"):
        await shielded(broken())


@pytest.mark.parametrize("fails", [False, True])
async def test_the_cancellation_is_raised_when_the_work_has_ended(fails: bool) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    ended = False

    async def work() -> None:
        nonlocal ended
        begun.set()
        await go_on.wait()
        ended = True
        if fails:
            raise ValueError("no")

    task = asyncio.create_task(shielded(work()))
    await begun.wait()
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    assert ended
    assert isinstance(caught.value.__cause__, ValueError) == fails


async def test_work_that_cancels_itself_is_cancelled() -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await shielded(work())
