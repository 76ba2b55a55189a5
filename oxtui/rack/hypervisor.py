"""Runs the instances of the simulated rack: isolated guests with real SSH over real disks."""

from __future__ import annotations

import asyncio
import fcntl
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path

from oxtui.rack import addresses
from oxtui.rack.disks import Disks
from oxtui.rack.disks_catalog import DiskCatalog
from oxtui.rack.guest import request as requests
from oxtui.rack.guest_machine import GuestMachine
from oxtui.rack.isolation import choice
from oxtui.rack.isolation.errors import IsolationError, RackMachineError
from oxtui.rack.isolation.guests import Guests
from oxtui.rack.machines import Machine, MachineListener, MachineSpec, StopReason
from oxtui.rack.unbootable import UnbootableMachine

__all__ = [
    "Hypervisor",
    "IsolationError",
    "Machine",
    "MachineListener",
    "MachineSpec",
    "RackMachineError",
    "StopReason",
]


class Hypervisor:
    """Starts machines. Use `async with Hypervisor.open(...)`; leaving ends all of them.

    Attributes:
        disks: contents of disks, snapshots and images.
        isolation: `overlay`, `chroot` or `none`.
        banner: one sentence for the operator about what that means.
        confined: whether commands of instances cannot write to the files of who runs the rack.
        addresses: IPv4 loopback addresses that instances may have.
        ipv6_addresses: the one of IPv6, where it was asked for.
        ssh_port: the port on which all of them serve SSH.
    """

    def __init__(
        self,
        disks: Disks,
        place: requests.Place,
        mode: requests.Mode,
        landlock: int,
        guests: Guests,
        block: addresses.AddressBlock,
        keep_unsynced: bool,
    ) -> None:
        self.disks = disks
        self.isolation: str = mode.kind
        self.banner = choice.banner(mode, landlock)
        self.confined = mode.kind != "none" or landlock > 0
        self.addresses = block.addresses
        self.ipv6_addresses = block.ipv6_addresses
        self.ssh_port = block.ssh_port
        self._place = place
        self._mode = mode
        self._guests = guests
        self._block = block
        self._keep_unsynced = keep_unsynced
        self._machines: set[GuestMachine | UnbootableMachine] = set()

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        state: Path,
        isolation: choice.Wanted = "auto",
        ssh_port: int = 0,
        keep_unsynced: bool = False,
        allow_none: bool = True,
        ipv6: bool = False,
    ) -> AsyncIterator[Hypervisor]:
        """Opens the machines and disks below `state`, for one rack at a time.

        isolation: `auto` takes the best that works; another that does not work is an error.
        ssh_port: TCP port of every instance; 0 takes one that is free.
        allow_none: whether `auto` may end at plain folders, which keep nothing apart.
        keep_unsynced: what a guest has not synced survives a stop.
        ipv6: instances may have ::1 as well.

        Raises:
            IsolationError: the isolation does not work here; the text names what was refused.
            RackMachineError: another rack uses the state, or no addresses are free or there.
        """
        folder = state.resolve() / "disks"
        for part in (folder, folder / "layers", folder / "run"):
            part.mkdir(parents=True, exist_ok=True)
        # Files of guests keep their owners and set-user-ID bits: nobody else may come near them.
        folder.chmod(0o700)
        place = requests.Place(str(folder))
        async with AsyncExitStack() as stack:
            lock = stack.enter_context((folder / "lock").open("a"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RackMachineError(
                    f"another rack runs on {state}; stop it or use another --state folder"
                ) from error
            block = addresses.reserve(state, ssh_port, ipv6=ipv6)
            stack.callback(block.close)
            guests = await stack.enter_async_context(Guests.start(folder / "guest.log"))
            mode, landlock = await choice.choose(guests, place, isolation, allow_none)
            catalog = DiskCatalog(folder / "catalog.sqlite")
            stack.callback(catalog.close)
            await guests.run(requests.Settle(mode, place))
            disks = Disks(place, mode, guests, catalog)
            await disks.remove_strays()
            hypervisor = cls(disks, place, mode, landlock, guests, block, keep_unsynced)
            stack.push_async_callback(hypervisor._stop_all)
            yield hypervisor

    @property
    def shows_devices(self) -> bool:
        """Whether a guest's own root user can read a block device of this machine."""
        return self._mode.kind != "none" and self._mode.namespace == "host"

    async def start(self, spec: MachineSpec, listener: MachineListener) -> Machine:
        """Boots a machine; returns when it is in its own root. SSH opens while it boots on.

        Raises:
            RackMachineError: the disk or the address is not to be had, or the machine does not
                come up; the text says why.
        """
        listening = self._block.bind(spec.address) if spec.address is not None else None
        with listening or nullcontext():
            layers = await self.disks.attach(spec.disk_id, spec.instance_id)

            def gone() -> None:
                self._machines.discard(machine)
                self.disks.detach(spec.disk_id)

            if layers is None:
                unbootable = UnbootableMachine(listener, gone)
                machine: GuestMachine | UnbootableMachine = unbootable
                unbootable.start()
            else:
                guest = GuestMachine(listener, gone)
                machine = guest
                await guest.boot(self._guests, self._boot(spec, layers), listening)
        self._machines.add(machine)
        return machine

    def bind(self, address: str) -> socket.socket:
        """A socket bound to one of the addresses and the SSH port; RackMachineError if it is taken."""
        return self._block.bind(address)

    def _boot(self, spec: MachineSpec, layers: tuple[str, ...]) -> requests.Boot:
        return requests.Boot(
            mode=self._mode,
            place=self._place,
            stack=layers,
            instance=spec.instance_id,
            hostname=spec.hostname,
            ssh_keys=spec.ssh_keys,
            user_data=spec.user_data,
            cpus=spec.cpus,
            memory=spec.memory,
            keep_unsynced=self._keep_unsynced,
            login_user=spec.login_user,
            devices=spec.devices,
        )

    async def _stop_all(self) -> None:
        await asyncio.gather(*(machine.stop(hard=True) for machine in set(self._machines)))
