"""A machine whose disk holds nothing to boot: it ends in the firmware's shell."""

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


class UnbootableMachine:
    """Answers on the serial console only."""

    def __init__(self, listener: MachineListener, gone: Callable[[], None]) -> None:
        """gone: called when the machine has ended."""
        self._listener = listener
        self._gone = gone
        self._line = ""
        self._running = True

    def start(self) -> None:
        """Prints what the firmware prints, after the caller has returned."""
        asyncio.get_running_loop().call_soon(self._print, "\r\n".join(_FIRMWARE) + "\r\n" + _PROMPT)

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
