"""A simulated rack as a child process, for everybody's tests.

async with rack("--seed", "empty") as there:
    client = Client(there.host, there.token)
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from tests import forking

ROOT = Path(__file__).resolve().parents[1]
_READY = 60.0
_GONE = 30.0


@dataclass(frozen=True)
class RackProcess:
    """A rack that is ready."""

    host: str
    token: str = field(repr=False)
    ssh_port: int
    isolation: str
    pid: int
    cacert: str | None
    process: asyncio.subprocess.Process = field(repr=False)


def command(*flags: str) -> list[str]:
    """The command line of `oxtui rack serve` with these flags."""
    return [sys.executable, "-m", "oxtui", "rack", "serve", *flags]


@contextlib.asynccontextmanager
async def rack(*flags: str) -> AsyncIterator[RackProcess]:
    """Serve a rack with these flags while the block runs; it is fast unless told otherwise.

    The rack ends with the block, and with the test process if that is killed. A rack that does not
    end by itself, or ends with an error, fails the test.
    """
    async with served(*flags) as process:
        (line,) = await told(process, 1)
        yield RackProcess(**json.loads(line), process=process)


@contextlib.asynccontextmanager
async def served(*flags: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `oxtui rack serve` with these flags while the block runs, as `rack` does."""
    if "--latency" not in flags:
        flags = ("--latency", "fast", *flags)
    process = await asyncio.create_subprocess_exec(
        *forking.command("rack", "serve", "--with-parent", "--allow-none", *flags),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    except BaseException:
        await _end(process)
        raise
    code = await _end(process)
    assert code == 0, f"the rack ended with {code}; its messages are on standard error"


async def told(process: asyncio.subprocess.Process, count: int) -> list[str]:
    """Return the lines that a rack prints when it is ready."""
    assert process.stdout is not None
    async with asyncio.timeout(_READY):
        lines = [(await process.stdout.readline()).decode() for _ in range(count)]
    assert lines[-1], "the rack did not start; its messages are on standard error"
    return lines


async def _end(process: asyncio.subprocess.Process) -> int:
    """Stop the rack as an operator would; one that does not stop is killed."""
    try:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(_GONE):
            return await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        # The transport would otherwise be closed by the garbage collector, with a warning.
        process._transport.close()  # type: ignore[attr-defined]
