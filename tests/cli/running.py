"""The command as an operator or a CI job runs it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress

from tests.forking import command
from tests.rack_process import ROOT, RackProcess


async def started(
    *words: str, environ: dict[str, str] | None = None, forked: bool = True
) -> asyncio.subprocess.Process:
    """The command, under way, without a terminal."""
    alone = [sys.executable, "-m", "oxtui", *words]
    return await asyncio.create_subprocess_exec(
        *(command(*words) if forked else alone), cwd=ROOT, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(environ or {})},
    )  # fmt: skip


async def oxtui(*words: str, environ: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    process = await started(*words, environ=environ)
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def on_terminal(
    *words: str, environ: dict[str, str], until: bytes, answer: bytes
) -> tuple[int, str]:
    """Exit code and screen of the command on a terminal where somebody answers what it asks."""
    ours, theirs = os.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "oxtui", *words, cwd=ROOT, env=os.environ | environ,
        stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    screen = b""
    with suppress(OSError):  # a terminal whose last program has ended gives EIO
        while data := await asyncio.to_thread(os.read, ours, 1000):
            screen += data
            if answer and until in screen:
                os.write(ours, answer)
                answer = b""
    os.close(ours)
    return await process.wait(), screen.decode()


def on(there: RackProcess) -> dict[str, str]:
    """The environment of somebody who works on a rack."""
    return {"OXIDE_HOST": there.host, "OXIDE_TOKEN": there.token}
