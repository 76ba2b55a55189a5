"""The serial console of a VM: what it says beyond what it said at the look before, and what that tells.

The API has no stream of it and no offsets: each look gives the latest 64 KiB, made anew every two
seconds (ReadConsoleOutput).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from oxtui.builders.boot.console import check_host_key, tell_end
from oxtui.builders.boot.watch import BootWatch
from oxtui.communicators.ssh.host_keys import PrintedHostKeys
from oxtui.component.protocols import BuilderSetting, StepContext
from oxtui.outscale.errors import AccessDenied, NotFound, OutscaleError

if TYPE_CHECKING:
    from oxtui.communicators.ssh.communicator import SshCommunicator
    from oxtui.outscale.client import OutscaleClient

FIRST_PAUSE = 2.0
"""Seconds after which the API has a new text at the earliest."""
LAST_PAUSE = 10.0
GROWTH = 1.25
OVERLAP = 64
"""Bytes that two looks must share to be taken for one text that went on."""


def grown(before: bytes, now: bytes) -> bytes:
    """What `now` has beyond `before`, of which it may have lost the beginning: all of it if nothing fits."""
    if now.startswith(before):
        return now[len(before) :]
    head = now[:OVERLAP]
    at = before.find(head) if len(head) == OVERLAP else -1
    while at >= 0:
        rest = before[at:]
        if now.startswith(rest):
            return now[len(rest) :]
        at = before.find(head, at + 1)
    return now


class VmConsole:
    """Follows the console of one VM at a time for the session's readers, and learns from it."""

    def __init__(self, setting: BuilderSetting) -> None:
        self._setting = setting
        self._vm = ""
        self._text = b""
        self.printed = PrintedHostKeys()
        """Host keys that the console printed."""
        self.watch = BootWatch()
        """Troubles of the boot."""

    def follow(self, client: OutscaleClient, vm_id: str) -> None:
        """From now on, unless it is followed already; of another VM from its beginning."""
        if vm_id == self._vm:
            return
        self._vm, self._text = vm_id, b""
        self.printed, self.watch = PrintedHostKeys(), BootWatch()
        self._setting.spawn(self._follow(client, vm_id))

    async def _follow(self, client: OutscaleClient, vm_id: str) -> None:
        pause = FIRST_PAUSE
        while vm_id == self._vm:
            try:
                is_new = self._hear(await client.console_output(vm_id))
            except (AccessDenied, NotFound):
                return  # the rights are others', or the VM is gone: neither passes
            except OutscaleError:
                is_new = False
            pause = FIRST_PAUSE if is_new else min(pause * GROWTH, LAST_PAUSE)
            await asyncio.sleep(pause)

    def _hear(self, text: bytes) -> bool:
        new, self._text = grown(self._text, text), text or self._text
        if not new:
            return False
        setting = self._setting
        setting.serial(new)
        self.printed.feed(new)
        for finding in self.watch.feed(new):
            setting.emit(finding.event(setting.now(), setting.build))
        return True

    async def check_host_key(
        self, client: OutscaleClient, ssh: SshCommunicator, context: StepContext
    ) -> None:
        """Looks once more at the console; keys that it prints after this end the connection by themselves.

        Raises:
            ConnectError: the console printed other keys.
        """
        await check_host_key(ssh, lambda: self._look(client, context), context)

    async def _look(self, client: OutscaleClient, context: StepContext) -> bool:
        try:
            self._hear(await client.console_output(self._vm))
        except OutscaleError as error:
            context.say(f"The serial console cannot be read: {error}")
            return False
        return True

    async def tell_end(self, client: OutscaleClient, context: StepContext) -> None:
        """Puts its last lines into the step's output, where a login fails for a reason in them."""
        if await self._look(client, context):
            tell_end(self._text, context)
