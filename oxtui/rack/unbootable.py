"""A machine that does not come up: it ends in the firmware's shell, or its kernel panics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from oxtui.rack.machines import MachineListener

_DEVICE = '"UEFI NVMe Namespace" from PciRoot(0x0)/Pci(0x10,0x0)/NVMe(0x1,00-00-00-00-00-00-00-00)'
_FIRMWARE = (
    f"BdsDxe: failed to load Boot0001 {_DEVICE}: Not Found",
    'BdsDxe: loading Boot0002 "EFI Internal Shell" from Fv(7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1)',
    'BdsDxe: starting Boot0002 "EFI Internal Shell" from Fv(7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1)',
    "UEFI Interactive Shell v2.2",
    "EDK II",
    "UEFI v2.70 (EDK II, 0x00010000)",
    "Mapping table",
    "     BLK0: Alias(s):",
    "          PciRoot(0x0)/Pci(0x10,0x0)/NVMe(0x1,00-00-00-00-00-00-00-00)",
    "",
)
_PROMPT = "Shell> "
_PANIC = (
    'BdsDxe: loading Boot0001 "UEFI NVMe Namespace" from PciRoot(0x0)/Pci(0x10,0x0)',
    'BdsDxe: starting Boot0001 "UEFI NVMe Namespace" from PciRoot(0x0)/Pci(0x10,0x0)',
    "Welcome to GRUB!",
    "",
    "[    0.000000] Linux version 6.8.0-31-generic (buildd@rack) #31 SMP PREEMPT_DYNAMIC",
    "[    0.410087] nvme nvme0: pci function 0000:00:10.0",
    '[    1.391228] VFS: Cannot open root device "LABEL=rootfs" or unknown-block(0,0): error -6',
    "[    1.437113] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
    "[    1.438021] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.8.0-31-generic #31",
    "[    1.441907] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs ]---",
)


class UnbootableMachine:
    """Answers on the serial console only."""

    def __init__(
        self, listener: MachineListener, gone: Callable[[], None], *, panics: bool = False
    ) -> None:
        """gone: called when the machine has ended. panics: its kernel does, without an ear for keys."""
        self._panics = panics
        self._listener = listener
        self._gone = gone
        self._line = ""
        self._running = True

    def start(self) -> None:
        """Prints what the firmware (and the kernel) prints, after the caller has returned."""
        firmware = "\r\n".join(_FIRMWARE) + "\r\n" + _PROMPT
        text = "\r\n".join(_PANIC) + "\r\n" if self._panics else firmware
        asyncio.get_running_loop().call_soon(self._print, text)

    def _print(self, text: str) -> None:
        if self._running:
            self._listener.serial(text.encode())

    async def stop(self, *, hard: bool) -> None:
        """Ends the machine."""
        if self._running:
            self._running = False
            self._gone()

    async def serial_input(self, data: bytes) -> None:
        """Echoes typed bytes; a line gets the shell's answer, which knows no command here."""
        if self._panics:
            return
        for character in data.decode(errors="replace"):
            if character not in "\r\n":
                self._line += character
                self._print(character)
                continue
            answer = "\r\n"
            if self._line.strip():
                answer += (
                    f"'{self._line.split()[0]}' is not recognized as an internal or external "
                    "command, operable program, or script file.\r\n"
                )
            self._line = ""
            self._print(answer + _PROMPT)
