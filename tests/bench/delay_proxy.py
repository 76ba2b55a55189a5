"""`python -m tests.bench.delay_proxy PORT MILLISECONDS`: a way to a local port that takes its time.

Each piece of data is handed on that long after it came, in either direction; how much of it is under way is
not limited, as on a long fast line. Prints its own port, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.bench.terminal import ROOT

_PIECE = 256 * 1024


class _End(asyncio.Protocol):
    """One end of a connection; what comes here goes to the `other` one later."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.other: asyncio.Future[asyncio.Transport] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport.max_size = _PIECE  # type: ignore[attr-defined]
        transport.set_write_buffer_limits(high=1 << 30)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._later(lambda other: other.write(data))

    def eof_received(self) -> bool:
        self._later(_end_of_file)
        return True

    def connection_lost(self, _error: Exception | None) -> None:
        self._later(lambda other: other.close())

    def _later(self, act: object) -> None:
        def now() -> None:
            if self.other.done() and not self.other.result().is_closing():
                act(self.other.result())  # type: ignore[operator]
            elif not self.other.done():
                self.other.add_done_callback(lambda other: act(other.result()))  # type: ignore[operator]

        # Timers of the same delay fire in the order in which they were set.
        asyncio.get_running_loop().call_later(self.delay, now)


def _end_of_file(other: asyncio.Transport) -> None:
    with suppress(OSError):  # it has hung up meanwhile
        other.write_eof()


class _Front(_End):
    def __init__(self, port: int, delay: float) -> None:
        super().__init__(delay)
        self.port = port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.task = asyncio.get_running_loop().create_task(self._reach())

    async def _reach(self) -> None:
        back = _End(self.delay)
        back.other.set_result(self.transport)
        loop = asyncio.get_running_loop()
        try:
            transport, _ = await loop.create_connection(lambda: back, "127.0.0.1", self.port)
        except OSError:
            self.transport.abort()
            return
        self.other.set_result(transport)


async def _serve(port: int, delay: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Front(port, delay), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


@contextmanager
def delayed(port: int, round_trip: int) -> Iterator[int]:
    """A port that leads to `port` with a round trip of so many milliseconds; itself where that is 0."""
    if not round_trip:
        yield port
        return
    command = [sys.executable, "-m", "tests.bench.delay_proxy", str(port), str(round_trip / 2)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.stdin.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
