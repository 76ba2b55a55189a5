"""A rack as a process: from its options to the moment it is asked to stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import stat
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.rack import faults, latency
from oxtui.rack.api.operations import application, operations
from oxtui.rack.hypervisor import Hypervisor
from oxtui.rack.login import new_secret
from oxtui.rack.rack import Rack, open_rack
from oxtui.rack.seeds.choice import ip_pools, pool_addresses, seed
from oxtui.rack.store.database import open_store
from oxtui.rack.timestamps import now
from oxtui.rack.web.server import listen, serving

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Callable, Iterator

    from oxtui.rack.isolation.choice import Wanted
    from oxtui.rack.seeds.planting import IpPools

ISOLATION_FILE = "isolation.json"
_TOKEN_FILE = "token"  # noqa: S105 (a file's name)


class ParentPipeError(Exception):
    """Standard input cannot tell whether the parent is alive."""


class AddressError(Exception):
    """The address to listen on cannot be had."""


class StateFolderError(Exception):
    """The state folder cannot be made or written to."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to serve. `state` None: a temporary folder; ports 0: any free one."""

    host: str = "127.0.0.1"
    port: int = 0
    tls: bool = False
    state: Path | None = None
    seed: str | None = None
    ip_pools: IpPools | None = None
    isolation: Wanted = "auto"
    ssh_port: int = 0
    latency: str = "real"
    faults: tuple[str, ...] = ()
    with_parent: bool = False
    allow_none: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a client must know to use the rack. `token` is a secret."""

    host: str
    token: str = field(repr=False)
    ssh_port: int
    isolation: str
    pid: int
    cacert: str | None
    banner: str
    """How instances and this machine are kept apart, in a sentence for the operator."""


async def serve(options: ServeOptions, announce: Callable[[Announcement], None]) -> None:
    """Serve until SIGTERM, SIGINT, SIGHUP, or, `with_parent`, the end of standard input.

    When this returns, every instance is off and what the rack made on the host is gone, except for
    the folder that `state` names. Raises AddressError, FaultSpecError, StateFolderError,
    StateInUseError, StateVersionError, SeedConflictError, ParentPipeError, and what the hypervisor
    raises: IsolationError, RackMachineError.
    """
    stop = asyncio.Event()
    ready = asyncio.Event()
    task = asyncio.create_task(_run(options, announce, ready, stop))

    def end() -> None:
        if not ready.is_set() and not stop.is_set():
            task.cancel()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, end)
    try:
        async with _parent_watched(end) if options.with_parent else contextlib.nullcontext():
            await task
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _run(
    options: ServeOptions,
    announce: Callable[[Announcement], None],
    ready: asyncio.Event,
    stop: asyncio.Event,
) -> None:
    trouble = faults.parse(list(options.faults))
    async with contextlib.AsyncExitStack() as stack:
        listener = _bound(options)
        stack.callback(listener.close)
        folder = stack.enter_context(_state_folder(options.state))
        store = stack.enter_context(open_store(folder))
        pools = ip_pools(store, options.ip_pools)
        hypervisor = await stack.enter_async_context(
            Hypervisor.open(
                folder,
                isolation=options.isolation,
                ssh_port=options.ssh_port,
                keep_unsynced=trouble.keep_unsynced,
                allow_none=options.allow_none,
                ipv6=pools in ("v6", "both"),
            )
        )
        await seed(store, hypervisor.disks, now, options.seed, pools)
        rack = await stack.enter_async_context(
            open_rack(
                store,
                hypervisor,
                addresses=pool_addresses(hypervisor.addresses, hypervisor.ipv6_addresses, pools),
                faults=trouble,
                latency=latency.PROFILES[options.latency],
                clock=now,
            )
        )
        trouble.check_targets([operation.id for operation in operations(rack)])
        names = ("localhost", "127.0.0.1", "::1", options.host)
        certificates = None
        if options.tls:
            from oxtui.rack.web import tls  # cryptography takes its time to import

            certificates = tls.issue(folder, dict.fromkeys(names))
        secret = _token(rack, folder)
        _describe_isolation(folder, hypervisor)
        await stack.enter_async_context(serving(application(rack), listener, certificates))
        ready.set()
        announce(
            Announcement(
                host=_url(options, listener.getsockname()[1]),
                token=secret,
                ssh_port=hypervisor.ssh_port,
                isolation=hypervisor.isolation,
                pid=os.getpid(),
                cacert=None if certificates is None else str(certificates.authority),
                banner=hypervisor.banner,
            )
        )
        await stop.wait()


def _describe_isolation(folder: Path, hypervisor: Hypervisor) -> None:
    """Write down for who started the rack what may be run on it."""
    told = {"banner": hypervisor.banner, "confined": hypervisor.confined}
    (folder / ISOLATION_FILE).write_text(json.dumps(told))


def _bound(options: ServeOptions) -> socket.socket:
    try:
        return listen(options.host, options.port)
    except OSError as error:
        raise AddressError(
            f"the rack cannot listen on {options.host} port {options.port} ({error.strerror}): "
            "name another --port or --host"
        ) from None


def _url(options: ServeOptions, port: int) -> str:
    scheme = "https" if options.tls else "http"
    host = f"[{options.host}]" if ":" in options.host else options.host
    return f"{scheme}://{host}:{port}"


def _token(rack: Rack, folder: Path) -> str:
    """Return the state's own token, so that it opens the rack after a restart as before."""
    path = folder / _TOKEN_FILE
    if path.exists():
        return path.read_text().strip()
    secret = new_secret()
    path.touch(mode=0o600)
    path.write_text(secret)
    rack.login.issue(secret)
    return secret


@contextlib.contextmanager
def _state_folder(state: Path | None) -> Iterator[Path]:
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
