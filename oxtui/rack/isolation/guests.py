"""The rack's end of its guest processes: starts the fork server, sends it requests."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from oxtui.rack.guest import request as requests
from oxtui.rack.guest import wire
from oxtui.rack.isolation.errors import RackMachineError

_ENVIRONMENT = ("LANG", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "TMPDIR")
"""What guest processes inherit; nothing else, so that no secret of the caller gets near them."""


class Guests:
    """Connection to the fork server."""

    def __init__(self, connection: socket.socket, process: asyncio.subprocess.Process) -> None:
        self._connection = connection
        self._process = process

    @classmethod
    @asynccontextmanager
    async def start(cls, log: Path) -> AsyncIterator[Guests]:
        """Starts the fork server, and ends it and waits for it at the end.

        log: file for what guest processes print when something goes wrong.
        """
        own, other = socket.socketpair()
        with own:
            with other, log.open("ab") as output:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-m", "oxtui.rack.guest", str(other.fileno())),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=_environment(),
                    pass_fds=[other.fileno()],
                    start_new_session=True,
                )
            try:
                yield cls(own, process)
            finally:
                own.close()  # the server ends at the end of its requests
                await asyncio.shield(process.wait())

    async def run(self, request: requests.Request) -> dict[str, Any]:
        """Has a request carried out in a process of its own and returns what it reports.

        A cancelled caller waits all the same until the process has ended.

        Raises:
            RackMachineError: it failed; the text is the process's own.
        """
        line = await self.open(request, None, lambda data: None)
        try:
            return await asyncio.shield(line.ended)
        except asyncio.CancelledError:
            # Nobody else may touch what it works on before it has ended.
            with suppress(RackMachineError):
                await asyncio.shield(line.ended)
            raise
        finally:
            line.close()

    async def open(
        self,
        request: requests.Request,
        listener: socket.socket | None,
        serial: Callable[[bytes], None],
    ) -> GuestLine:
        """Sends a request and returns the line to the process that carries it out.

        listener: a socket that the process gets a copy of.
        serial: called with the bytes of the serial console.

        Raises:
            RackMachineError: the fork server has ended.
        """
        own, other = socket.socketpair()
        line = GuestLine(serial)
        with other:
            await asyncio.get_running_loop().create_connection(lambda: line, sock=own)
            descriptors = [other.fileno()] + ([listener.fileno()] if listener else [])
            try:
                wire.send_request(self._connection, requests.encode(request), descriptors)
            except OSError as error:
                line.close()
                raise RackMachineError(
                    f"the rack's guest server (process {self._process.pid}) has ended: {error}"
                ) from error
        return line


class GuestLine(asyncio.Protocol):
    """The rack's end of one control socket."""

    def __init__(self, serial: Callable[[bytes], None]) -> None:
        loop = asyncio.get_running_loop()
        self._serial = serial
        self._decoder = wire.Decoder()
        self._transport: asyncio.Transport | None = None
        self._error: str | None = None
        self.entered: asyncio.Future[None] = loop.create_future()
        """Done when the instance is in its own root."""
        self.ended: asyncio.Future[dict[str, Any]] = loop.create_future()
        """What the process reported last, done when it and all that it started are gone."""
        self._last: dict[str, Any] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Takes frames apart."""
        for kind, payload in self._decoder.feed(data):
            if kind == wire.SERIAL:
                self._serial(payload)
            elif kind == wire.ENTERED:
                _finish(self.entered)
            elif kind == wire.FAILED:
                self._error = str(wire.fields(payload)["error"])
            elif kind == wire.ENDED:
                self._last = wire.fields(payload)

    def connection_lost(self, exc: Exception | None) -> None:
        """The other end is gone: reports the outcome to who waits for it."""
        if self._error is None and self._last is not None:
            _finish(self.entered)
            if not self.ended.done():
                self.ended.set_result(self._last)
            return
        error = self._error or "the guest process died without a word; see the rack's guest.log"
        for future in (self.entered, self.ended):
            if not future.done():
                future.set_exception(RackMachineError(error))
                future.exception()  # who does not wait for it must not be warned of it

    def write(self, data: bytes) -> None:
        """Types on the serial console."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def end(self) -> None:
        """Ends the machine by force; `ended` tells when it is gone."""
        if self._transport is not None and not self._transport.is_closing():
            with suppress(OSError):
                self._transport.write_eof()

    def close(self) -> None:
        """Closes the line; a process at its other end ends by itself."""
        if self._transport is not None:
            self._transport.close()


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    packages = str(Path(__file__).resolve().parents[3])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (packages, kept.get("PYTHONPATH"))))
    return kept
