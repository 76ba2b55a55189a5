"""The process around a simulated cloud: where it listens and keeps its state, and when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxtui.rack.web.server import listen, serving

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator


class ParentPipeError(Exception):
    """Standard input cannot tell whether the parent is alive."""


class AddressError(Exception):
    """The address to listen on cannot be had."""


class StateFolderError(Exception):
    """The state folder cannot be made or written to."""


async def until_told(
    run: Callable[[asyncio.Event, asyncio.Event], Awaitable[None]], *, with_parent: bool
) -> None:
    """Run until SIGTERM, SIGINT, SIGHUP, or, `with_parent`, the end of standard input.

    `run` gets two events: it sets the first when it is ready, and ends when the second is set.
    Before it is ready it is cancelled instead. Raises ParentPipeError, and what `run` raises.
    """
    stop = asyncio.Event()
    ready = asyncio.Event()
    task = asyncio.ensure_future(run(ready, stop))

    def end() -> None:
        if not ready.is_set() and not stop.is_set():
            task.cancel()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, end)
    try:
        async with _parent_watched(end) if with_parent else contextlib.nullcontext():
            await task
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def bound(host: str, port: int) -> socket.socket:
    """Bind the address to serve on; AddressError if it cannot be had."""
    try:
        return listen(host, port)
    except OSError as error:
        raise AddressError(
            f"the rack cannot listen on {host} port {port} ({error.strerror}): "
            "name another --port or --host"
        ) from None


@contextlib.contextmanager
def state_folder(state: Path | None) -> Iterator[Path]:
    """Make the state folder, a temporary one for None; StateFolderError if it cannot be used."""
    if state is not None:
        try:
            state.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StateFolderError(
                f"the state folder {state} cannot be made ({error.strerror}): name another --state"
            ) from None
        if not os.access(state, os.R_OK | os.W_OK | os.X_OK):
            raise StateFolderError(
                f"the state folder {state} belongs to another user, who lets nobody write: "
                "name another --state"
            )
        yield state.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="oxtui-rack-") as folder:
        yield Path(folder).resolve()


@contextlib.asynccontextmanager
async def published(
    application: Any, listener: socket.socket, folder: Path, *, host: str, tls: bool
) -> AsyncIterator[tuple[str, str | None]]:
    """Serve an application while the block runs.

    Yields its address as a client writes it, without a path, and the file of the certificate that a client has to
    trust, where `tls` asks for one. `folder`: where that is kept; `host`: the name that the listener was bound to.
    """
    certificates = None
    if tls:
        from oxtui.rack.web.tls import issue  # cryptography takes its time to import

        certificates = issue(folder, dict.fromkeys(("localhost", "127.0.0.1", "::1", host)))
    async with serving(application, listener, certificates):
        name = f"[{host}]" if ":" in host else host
        base = f"{'https' if tls else 'http'}://{name}:{listener.getsockname()[1]}"
        yield base, None if certificates is None else str(certificates.authority)


@contextlib.asynccontextmanager
async def _parent_watched(end: Callable[[], None]) -> AsyncIterator[None]:
    """Call `end` when standard input ends.

    The parent holds the other end of the pipe, and the kernel closes it however the parent ends.
    A death signal would miss a parent that was gone before it was asked for, and goes by the thread
    that started the process.
    """
    if not stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        raise ParentPipeError(
            "--with-parent needs a pipe as standard input, which the parent keeps open"
        )
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: _EndOfInput(end), sys.stdin
    )
    try:
        yield
    finally:
        transport.close()


class _EndOfInput(asyncio.Protocol):
    def __init__(self, end: Callable[[], None]) -> None:
        self._end = end

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
