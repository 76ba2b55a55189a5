"""What the serial console remembers."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.rack.lifecycle import serial
from oxtui.rack.lifecycle.serial import RangeExpiredError, SerialBuffer

KEPT = 16


@pytest.fixture(autouse=True, scope="module")
def _small_memory() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serial, "KEPT_EACH", KEPT)
        yield


@given(
    st.lists(st.binary(max_size=24), max_size=12),
    st.integers(0, 120),
    st.integers(0, 120),
)
def test_a_read_is_a_part_of_all_that_came_or_says_that_it_is_gone(
    pieces: list[bytes], start: int, count: int
) -> None:
    buffer = SerialBuffer()
    for piece in pieces:
        buffer.append(piece)
    everything = b"".join(pieces)
    assert buffer.total == len(everything)
    latest = max(len(everything) - KEPT, 0)
    try:
        data = buffer.read(start, count)
    except RangeExpiredError:
        assert KEPT <= start < latest
        return
    assert everything[start : start + count].startswith(data)
    if len(data) < min(count, max(len(everything) - start, 0)):
        assert start + len(data) == KEPT < latest


async def test_a_waiter_wakes_for_new_bytes_and_for_the_end() -> None:
    buffer = SerialBuffer()
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(buffer.grown(0)) for _ in range(2)]
        await asyncio.sleep(0)
        buffer.append(b"x")
        await asyncio.gather(*waiting)
        end = tasks.create_task(buffer.grown(1))
        await asyncio.sleep(0)
        assert not end.done()
        buffer.close()


def test_the_real_memory_is_two_mebibytes() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serial, "KEPT_EACH", 1024 * 1024)
        buffer = SerialBuffer()
        for number in range(300):
            buffer.append(bytes([number % 256]) * 16_384)
        total = 300 * 16_384
        assert buffer.total == total
        assert buffer.read(0, 4) == bytes(4)
        assert buffer.read(total - 1024 * 1024, 1) == bytes([(300 - 64) % 256])
        with pytest.raises(RangeExpiredError):
            buffer.read(total - 1024 * 1024 - 1, 1)
