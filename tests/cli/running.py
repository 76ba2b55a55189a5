"""The command as an operator or a CI job runs it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from tests.forking import command
from tests.rack_process import ROOT, RackProcess

PATIENCE = 60.0
"""Seconds after which a program that says nothing is thought to be stuck."""


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
    return await conversation(*words, environ=environ, chat=[(until, answer)])


async def conversation(
    *words: str,
    environ: dict[str, str] | None = None,
    chat: Sequence[tuple[bytes, bytes]],
    hangs_up: bool = False,
) -> tuple[int, str]:
    """Exit code and screen of the command on a terminal: each text that is waited for, then its answer.

    The command has the terminal for its own, so that Ctrl-C reaches it. With `hangs_up` the terminal is
    closed behind the last answer.
    """
    pid, ours = os.forkpty()
    if pid == 0:
        os.chdir(ROOT)
        alone = [sys.executable, "-m", "oxtui", *words]
        os.execve(sys.executable, alone, {**os.environ, **(environ or {})})
    screen = b""
    seen = 0
    left = deque(chat)
    with suppress(OSError):  # a terminal whose last program has ended gives EIO
        while data := await _next(ours, pid):
            screen += data
            while left and (at := screen.find(left[0][0], seen)) >= 0:
                until, answer = left.popleft()
                seen = at + len(until)
                os.write(ours, answer)
            if hangs_up and not left:
                break
    os.close(ours)
    assert not left, screen.decode()
    _, status = await asyncio.to_thread(os.waitpid, pid, 0)
    return os.waitstatus_to_exitcode(status), screen.decode().replace("\r\n", "\n")


async def _next(terminal: int, pid: int) -> bytes:
    """What comes from the terminal next; a program that stays silent is ended, which is an error."""
    reading = asyncio.create_task(asyncio.to_thread(os.read, terminal, 1000))
    done, _ = await asyncio.wait([reading], timeout=PATIENCE)
    if not done:
        os.kill(pid, signal.SIGKILL)
    return await reading


def on(there: RackProcess) -> dict[str, str]:
    """The environment of somebody who works on a rack."""
    return {"OXIDE_HOST": there.host, "OXIDE_TOKEN": there.token}
