"""A program on this machine with an input that is fed to it, and an end for all that it starts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from typing import Any

from oxtui.communicators.carrier import Feed
from oxtui.communicators.chroot.ending import Send, end
from oxtui.communicators.chroot.processes import tree
from oxtui.component.concurrency import bounded
from oxtui.component.errors import StepError
from oxtui.component.outlet import Outlet, exit_status
from oxtui.component.protocols import ExitStatus, Output

HELD = 5.0
"""Seconds for which the output of a program that has ended is read on, where something still holds it."""
LIMIT = 15.0
"""Seconds that the end of a program that is cut off may take altogether."""


async def run_program(
    command: Sequence[str],
    environ: Mapping[str, str],
    output: Output,
    *,
    send: Send,
    feed: Feed | None = None,
) -> ExitStatus:
    """Runs a program in a session of its own to its end.

    Cancelling ends it with all that it started: with SIGTERM, and with SIGKILL what is left after 2 s.

    Args:
        command: the program, looked up in the PATH, and its arguments.
        environ: its environment.
        output: takes what it prints.
        send: signals processes that belong to another user.
        feed: writes its input; without, it has none.

    Raises:
        StepError: it cannot be started.
    """
    with closing(Outlet("stdout", output)) as out, closing(Outlet("stderr", output)) as err:
        stdin = asyncio.subprocess.DEVNULL if feed is None else asyncio.subprocess.PIPE
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *command,
                env=environ,
                start_new_session=True,
                stdin=stdin,
                stdout=out.writing,
                stderr=err.writing,
            )
        )
        try:
            # A start that is cancelled waits in asyncio without end, and kills no more than the first process.
            process = await asyncio.shield(starting)
        except asyncio.CancelledError:
            await bounded(_end_started(starting, send), LIMIT)
            raise
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise StepError(f"{command[0]} cannot be started: {reason}.") from error
        out.handed_over()
        err.handed_over()
        exited = asyncio.ensure_future(process.wait())
        feeding = asyncio.ensure_future(_write(process.stdin, feed))
        try:
            await _ended(exited, feeding, [out.ended, err.ended], output)
        except BaseException:
            feeding.cancel()
            await bounded(end_all(process.pid, send), LIMIT)
            raise
        finally:
            feeding.cancel()
    return exit_status(exited.result())


async def _end_started(starting: asyncio.Future[asyncio.subprocess.Process], send: Send) -> None:
    """Ends a program as soon as it is started."""
    with suppress(OSError, ValueError):
        process = await starting
        await end_all(process.pid, send)


async def end_all(leader: int, send: Send) -> None:
    """Ends a leader's session with all that it started: what was found is followed when its parent is gone."""
    known = {leader}

    def find() -> list[Any]:
        found = tree(known)
        known.update(each.pid for each in found)
        return found

    await end(find, send)


async def _write(stdin: asyncio.StreamWriter | None, feed: Feed | None) -> None:
    if stdin is None or feed is None:
        return
    try:
        await feed(stdin)
        stdin.write_eof()
        await stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        return  # it ended without reading its input; its exit status says why
    finally:
        stdin.close()


async def _ended(
    exited: asyncio.Future[int],
    feeding: asyncio.Future[None],
    ends: Sequence[asyncio.Future[None]],
    output: Output,
) -> None:
    """Waits for the end of a program, and of its output as long as that comes soon.

    Raises:
        Exception: that of whoever feeds it or takes its output.
    """
    waiting: set[asyncio.Future[Any]] = {exited, feeding, *ends}
    while not exited.done():
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    if not feeding.done():
        feeding.cancel()  # nobody reads on
    _, held = await asyncio.wait(ends, timeout=HELD)
    for each in ends:
        if each.done():
            each.result()
    if held:
        output(
            "ours",
            b"Something that it started still holds its output, which is not read any more\n",
        )
