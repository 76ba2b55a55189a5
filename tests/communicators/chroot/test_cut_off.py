"""A program that is cut off while it starts: nothing of it stays, and nobody waits for it without end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from signal import Signals

import pytest

from oxtui.communicators.carrier import Writer
from oxtui.communicators.chroot.processes import Process
from oxtui.communicators.chroot.program import run_program


async def nobody(_number: Signals, _processes: Sequence[Process]) -> None:
    """There is no other user."""


@pytest.mark.parametrize("turns", range(8))
async def test_it_ends_with_what_it_started(turns: int) -> None:
    async def feed(writer: Writer) -> None:
        await asyncio.get_running_loop().create_future()

    mark = f"300.{os.getpid()}{turns}"
    line = ["/bin/sh", "-c", f"sleep {mark}; true"]
    running = asyncio.ensure_future(
        run_program(line, dict(os.environ), lambda *_: None, send=nobody, feed=feed)
    )
    for _ in range(turns):  # of the event loop: as far as the start has come by then
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=60)
    assert done
    assert running.cancelled()
    assert [each for each in command_lines() if mark in each] == []


def command_lines() -> list[str]:
    """Of all processes."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(each.read_text(errors="replace"))
    return found
