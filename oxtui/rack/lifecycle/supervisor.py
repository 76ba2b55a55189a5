"""One machine's life, from its instance's start until it has stopped or failed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Literal, TypeVar

from oxtui.rack.lifecycle.serial import SerialBuffer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from oxtui.rack.machines import Machine, MachineListener, StopReason

T = TypeVar("T")
Change = Literal["start", "stop", "reboot"]
End = Literal["stopped", "failed"]

_log = logging.getLogger(__name__)


class Supervisor:
    """Boots a machine and answers to what its owner and its guest want of it.

    It is the machine's listener. Offsets of its serial buffer go on through reboots and end with it.
    """

    def __init__(
        self,
        instance_id: str,
        *,
        boot: Callable[[MachineListener], Awaitable[Machine]],
        pacing: Callable[[Change], float],
        fails_after: float | None,
        show_state: Callable[[str], object],
    ) -> None:
        self.console = SerialBuffer()
        self._instance_id = instance_id
        self._boot = boot
        self._pacing = pacing
        self._fails_after = fails_after
        self._show_state = show_state
        self._machine: Machine | None = None
        self._stop_wanted = asyncio.Event()
        self._hurry = asyncio.Event()
        self._events: asyncio.Queue[StopReason] = asyncio.Queue()

    # The listener's side: what the guest does.

    def serial(self, data: bytes) -> None:
        """Keep what the guest wrote to its serial port."""
        self.console.append(data)

    def stopped(self, reason: StopReason, detail: str) -> None:
        """The guest went down by itself."""
        if reason == "crash":
            _log.error("instance %s crashed: %s", self._instance_id, detail)
        self._events.put_nowait(reason)

    # The owner's side.

    def stop(self, *, at_once: bool = False) -> None:
        """Ask for power off; `at_once` skips what the change would otherwise take."""
        self._stop_wanted.set()
        if at_once:
            self._hurry.set()

    def reboot(self) -> None:
        """Ask for a reset."""
        self._events.put_nowait("reboot")

    async def type(self, data: bytes) -> None:
        """Send bytes to the guest's serial port; nothing happens where no machine runs."""
        if self._machine is not None:
            await self._machine.serial_input(data)

    async def run(self) -> End:
        """Live until the machine is gone, and return the state that its instance then has."""
        try:
            try:
                return await self._live()
            finally:
                self.console.close()
                await self._power_off(hard=True)
        except Exception:
            _log.exception("instance %s failed", self._instance_id)
            return "failed"

    async def _live(self) -> End:
        await self._unless_stopped(self._pause("start"))
        while not self._stop_wanted.is_set():
            if self._fails_after == 0:
                return "failed"
            await self._unless_stopped(self._power_on())
            if self._machine is None:
                break
            self._show_state("running")
            reason = await self._unless_stopped(self._event())
            if reason is None:
                break
            if reason == "crash":
                return "failed"
            if reason == "shutdown":
                self._show_state("stopping")
                await self._power_off(hard=False)
                return "stopped"
            self._show_state("rebooting")
            await self._unless_stopped(self._pause("reboot"))
            await self._power_off(hard=False)
        await self._pause("stop")
        await self._power_off(hard=self._hurry.is_set())
        return "stopped"

    async def _event(self) -> StopReason:
        if self._fails_after is None:
            return await self._events.get()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._fails_after):
                return await self._events.get()
        return "crash"

    async def _power_on(self) -> None:
        self._machine = await self._boot(self)

    async def _power_off(self, *, hard: bool) -> None:
        machine, self._machine = self._machine, None
        if machine is not None:
            await machine.stop(hard=hard)

    async def _pause(self, change: Change) -> None:
        seconds = self._pacing(change)
        if seconds and not self._hurry.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._hurry.wait()

    async def _unless_stopped(self, work: Coroutine[object, object, T]) -> T | None:
        """Return what the work returns, or None, with the work cancelled, if a stop is wanted."""
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stop_wanted.wait())
        try:
            await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            stop.cancel()
            await asyncio.gather(task, stop, return_exceptions=True)
