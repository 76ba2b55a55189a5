"""The loopback addresses of a rack's instances: each rack has 127.x.y.z/28 to itself."""

from __future__ import annotations

import errno
import hashlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from oxtui.rack.isolation.errors import RackMachineError

_FIRST_BLOCK = int(IPv4Address("127.64.0.0"))
_BLOCK = 16
_BLOCKS = (int(IPv4Address("127.192.0.0")) - _FIRST_BLOCK) // _BLOCK
_TRIES = 64
_LOCK_PORT = 41228
"""UDP port on a block's first address that says: taken. UDP, so it never meets SSH's port."""


@dataclass(frozen=True, slots=True)
class AddressBlock:
    """Addresses that no other rack on this machine uses, until `close`."""

    addresses: tuple[str, ...]
    ssh_port: int
    _held: tuple[socket.socket, ...]

    def bind(self, address: str) -> socket.socket:
        """A socket bound to an instance's address and the SSH port; it does not listen yet.

        Raises:
            RackMachineError: the address is not of this rack, or something else has the port.
        """
        if address not in self.addresses:
            raise RackMachineError(
                f"{address} is no address of this rack "
                f"({self.addresses[0]} to {self.addresses[-1]})"
            )
        try:
            return _bind(socket.SOCK_STREAM, address, self.ssh_port, reuse=True)
        except OSError as error:
            raise RackMachineError(
                f"cannot listen on {address} port {self.ssh_port}: {error.strerror}; "
                "choose another port with --ssh-port"
            ) from error

    def close(self) -> None:
        """Gives the addresses back."""
        for held in self._held:
            held.close()


def reserve(state: Path, ssh_port: int) -> AddressBlock:
    """Reserves a block; the same state gets the same one again while nobody else has it.

    ssh_port: TCP port of every instance; 0 takes one that is free.

    Raises:
        RackMachineError: no block or port is free.
    """
    refused = "none is free"
    for first in _blocks(state):
        try:
            held = _hold(first, ssh_port)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:  # macOS configures 127.0.0.1 only
                return _only_address(ssh_port)
            refused = error.strerror or str(error)
            if error.errno == errno.EACCES:
                break
            continue
        addresses = tuple(str(first + number) for number in range(1, _BLOCK - 1))
        return AddressBlock(addresses, held[1].getsockname()[1], held)
    raise RackMachineError(
        f"no loopback addresses for instances with SSH port {ssh_port or 'of any number'}: "
        f"{refused}; choose a port from 1024 up with --ssh-port"
    )


def _blocks(state: Path) -> Iterator[IPv4Address]:
    digest = hashlib.sha256(str(state.resolve()).encode()).digest()
    start = int.from_bytes(digest[:4], "big")
    for number in range(_TRIES):
        yield IPv4Address(_FIRST_BLOCK + (start + number) % _BLOCKS * _BLOCK)


def _hold(first: IPv4Address, ssh_port: int) -> tuple[socket.socket, socket.socket]:
    lock = _bind(socket.SOCK_DGRAM, str(first), _LOCK_PORT)
    try:
        # Held for good: nobody can take the port on all addresses (0.0.0.0) meanwhile.
        return lock, _bind(socket.SOCK_STREAM, str(first), ssh_port)
    except OSError:
        lock.close()
        raise


def _only_address(ssh_port: int) -> AddressBlock:
    try:
        probe = _bind(socket.SOCK_STREAM, "127.0.0.1", ssh_port)
    except OSError as error:
        raise RackMachineError(
            f"SSH port {ssh_port} on 127.0.0.1: {error.strerror}; choose another with --ssh-port"
        ) from error
    with probe:
        return AddressBlock(("127.0.0.1",), probe.getsockname()[1], ())


def _bind(
    kind: socket.SocketKind, address: str, port: int, *, reuse: bool = False
) -> socket.socket:
    bound = socket.socket(socket.AF_INET, kind)
    try:
        if reuse:  # connections of the machine's last boot linger in TIME_WAIT
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound
