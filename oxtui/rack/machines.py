"""The machines of the simulated rack while they run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

StopReason = Literal["shutdown", "reboot", "crash"]


@dataclass(frozen=True, slots=True)
class MachineSpec:
    """What a machine boots with. memory: bytes; address: None has no SSH; user_data: decoded.

    login_user: whom cloud-init makes the default user; "" leaves the one of the distribution.
    """

    instance_id: str
    name: str
    hostname: str
    disk_id: str
    address: str | None
    ssh_keys: tuple[str, ...]
    user_data: bytes
    cpus: int
    memory: int
    login_user: str = ""
    devices: tuple[tuple[str, str], ...] = ()
    """Further disks: a block device of this machine, "" where it is none, and the serial number that the guest sees."""


class MachineListener(Protocol):
    """Hears what a machine does by itself; called on the event loop."""

    def serial(self, data: bytes) -> None:
        """Bytes appeared on the serial console."""

    def stopped(self, reason: StopReason, detail: str) -> None:
        """The machine ended by itself: from inside, or it crashed. After `stop` it is silent."""


class Machine(Protocol):
    """A running machine."""

    async def stop(self, *, hard: bool) -> None:
        """Ends the machine; returns when its processes and mounts are gone.

        Soft or hard, nothing is synced for the guest: the rack asks a VM to stop and the guest
        may not have written what it holds, so only what the guest synced itself is sure to stay.
        """

    async def serial_input(self, data: bytes) -> None:
        """Types on the serial console."""
