"""Boots an instance inside its root and runs it until it is told to end."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncssh

from oxtui.rack.guest import boot_log
from oxtui.rack.guest.cloud_init import CloudInit, installed_base
from oxtui.rack.guest.console import Console
from oxtui.rack.guest.devices import StandIns
from oxtui.rack.guest.power import EXIT_STATUS, PowerAction, PowerPipe
from oxtui.rack.guest.processes import Processes
from oxtui.rack.guest.request import Boot
from oxtui.rack.guest.sshd import SshServer
from oxtui.rack.guest.system import System
from oxtui.rack.guest.wire import SERIAL, frame

_PATIENCE = 2.0
"""Seconds that programs have to end when the machine goes down."""


def run(
    request: Boot, root: Path, control: socket.socket, listener: socket.socket | None,
    devices: int | None,
) -> int:  # fmt: skip
    """Runs the instance in this process, which is in its root already; returns an exit status.

    control: the socket to the rack; listener: the bound socket for SSH, None without an address.
    """
    with asyncio.Runner() as runner:
        return runner.run(_run(request, root, control, listener, devices))


async def _run(
    request: Boot, root: Path, control: socket.socket, listener: socket.socket | None,
    devices: int | None,
) -> int:  # fmt: skip
    loop = asyncio.get_running_loop()
    system = System(request, root, Processes(), devices)
    line = _RackLine()
    control.setblocking(False)
    transport, _ = await loop.create_connection(lambda: line, sock=control)
    console = Console(lambda data: transport.write(frame(SERIAL, data)))
    line.console = console
    instance = Instance(system, console)
    running = asyncio.ensure_future(instance.run(listener))
    either: set[asyncio.Future[Any]] = {running, line.ended}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    try:
        if not running.done():  # the rack ends the machine: nothing is tidied up
            running.cancel()
            system.processes.kill_all()
            with suppress(asyncio.CancelledError):
                await running
            return 0
        return EXIT_STATUS[running.result()]
    except OSError as error:
        console.line(f"\nKernel panic - not syncing: {error}")
        raise
    finally:
        transport.close()  # sends what is buffered first
        await line.closed


class _RackLine(asyncio.Protocol):
    """The instance's end of its control socket."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.console: Console | None = None
        self.ended: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()

    def data_received(self, data: bytes) -> None:
        if self.console is not None:
            self.console.typed(data)

    def eof_received(self) -> bool:
        if not self.ended.done():
            self.ended.set_result(None)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        for future in (self.ended, self.closed):
            if not future.done():
                future.set_result(None)


class Instance:
    """One machine from its first line on the console to the last."""

    def __init__(self, system: System, console: Console) -> None:
        self._system = system
        self._console = console
        self._base = installed_base(system.root)

    async def run(self, listener: socket.socket | None) -> PowerAction:
        """Boots, serves, and returns when somebody inside reboots or shuts down."""
        request = self._system.request
        boot_log.print_kernel(self._console, self._base, request.cpus, request.memory)
        shared = self._prepare_run_folder()
        power = PowerPipe(shared)
        stand_ins = StandIns(Path("/dev")) if self._system.devices is not None else None
        server = SshServer(self._system)
        try:
            cloud_init = CloudInit(self._system, self._console, self._base)
            host_keys = cloud_init.initialise()
            boot_log.print_services(self._console, self._base)
            self._sync(shared)  # what the boot wrote is the image's, not an unsynced change
            if listener is not None:
                await server.start(listener, host_keys)
            action = await self._serve(cloud_init, host_keys, power)
            await self._go_down(action, server, shared)
            return action
        finally:
            power.close()
            server.stop()
            if stand_ins is not None:
                stand_ins.close()

    async def _serve(
        self, cloud_init: CloudInit, host_keys: list[asyncssh.SSHKey], power: PowerPipe
    ) -> PowerAction:
        final = asyncio.ensure_future(self._finish(cloud_init, host_keys))
        try:
            either: set[asyncio.Future[Any]] = {final, power.asked}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if final.done():
                final.result()
            return await power.asked
        finally:
            final.cancel()
            with suppress(asyncio.CancelledError):
                await final

    async def _finish(self, cloud_init: CloudInit, host_keys: list[asyncssh.SSHKey]) -> None:
        await cloud_init.finish(host_keys)
        unseen = [serial for device, serial in self._system.request.devices if not device]
        boot_log.print_unseen(self._console, unseen)
        self._console.log_in(self._base, self._system.request.hostname)

    def _prepare_run_folder(self) -> str:
        """Clears what does not outlive a boot, and makes the folder of the rack's commands."""
        for name in ("/tmp",) if self._system.request.mode.layered else ("/tmp", "/run"):  # noqa: S108
            folder = self._system.path(name)
            if os.path.islink(folder):  # it may lead out of an instance that is a plain folder
                continue
            with suppress(FileNotFoundError):
                for entry in list(os.scandir(folder)):
                    if entry.is_dir(follow_symlinks=False):
                        shutil.rmtree(entry.path, ignore_errors=True)
                    else:
                        os.unlink(entry.path)
        shared = self._system.path("/run/oxtui")
        Path(shared).mkdir(parents=True, exist_ok=True)
        marker = Path(shared, "synced")
        marker.touch()
        marker.chmod(0o666)
        return shared

    @staticmethod
    def _sync(shared: str) -> None:
        os.utime(Path(shared, "synced"))

    async def _go_down(self, action: PowerAction, server: SshServer, shared: str) -> None:
        self._console.silence()
        boot_log.print_shutdown(self._console, action)
        server.stop()
        await self._system.processes.end_all(_PATIENCE)
        self._sync(shared)
        boot_log.print_end(self._console, action)
