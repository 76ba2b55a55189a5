"""A program on this machine, with all that it starts: its output as it comes, and an end for all of it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from typing import Any

from oxtui.component.errors import StepError
from oxtui.component.outlet import Outlet, exit_status
from oxtui.component.protocols import ExitStatus, Output

GRACE = 2.0
"""Seconds that processes have to end by themselves once they are asked to."""
HELD_AFTER = 2.0
"""Seconds after which it is told that the output of an ended program is still held open."""


async def run(
    command: Sequence[str],
    environ: Mapping[str, str],
    output: Output,
    held: Callable[[], None],
) -> ExitStatus:
    """Runs a program in a process group of its own, without input, to the end of its output.

    Cancelling ends the whole group: with SIGTERM, and with SIGKILL what is left of it after 2 s.

    Args:
        command: the program, looked up in the PATH, and its arguments.
        environ: its environment.
        output: takes what it prints.
        held: called if the program has ended and something that it started still holds its output.

    Raises:
        StepError: it cannot be started.
    """
    with closing(Outlet("stdout", output)) as out, closing(Outlet("stderr", output)) as err:
        try:
            # A session of its own keeps Ctrl-C and the terminal, which the screens have, away from it.
            process = await asyncio.create_subprocess_exec(
                *command, env=environ, start_new_session=True,
                stdin=asyncio.subprocess.DEVNULL, stdout=out.writing, stderr=err.writing,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise StepError(
                f"{command[0]} cannot be started: {reason}. "
                "Correct execute_command and retry this step."
            ) from error
        out.handed_over()
        err.handed_over()
        exited = asyncio.ensure_future(process.wait())
        try:
            await _ended(exited, [out.ended, err.ended], held)
        except BaseException:
            await _end(process.pid, exited, [out.ended, err.ended])
            raise
    return exit_status(exited.result())


async def _ended(
    exited: asyncio.Future[int], ends: Sequence[asyncio.Future[None]], held: Callable[[], None]
) -> None:
    """Waits for the end of a program and of its output, in any order.

    Raises:
        Exception: that of whoever takes the output.
    """
    waiting: set[asyncio.Future[Any]] = {exited, *ends}
    told = False
    while waiting:
        limit = HELD_AFTER if exited.done() and not told else None
        done, waiting = await asyncio.wait(
            waiting, timeout=limit, return_when=asyncio.FIRST_COMPLETED
        )
        for each in done:
            each.result()
        if not done:
            held()
            told = True


async def _end(
    group: int, exited: asyncio.Future[int], ends: Sequence[asyncio.Future[None]]
) -> None:
    """Ends the group of a program."""
    waiting: set[asyncio.Future[Any]] = {exited, *ends}
    try:
        _signal(group, signal.SIGTERM)
        await asyncio.wait(waiting, timeout=GRACE)
    finally:
        _signal(group, signal.SIGKILL)
    await exited


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # gone, or all of it another user's
        os.killpg(group, number)
