"""The loopback addresses of a rack's instances: each rack has 127.x.y.z/28 to itself.

Of IPv6 a machine has one loopback address alone (RFC 4291, 2.5.3), so a rack that wants it shares it
with the others by its port.
"""

from __future__ import annotations

import errno
import hashlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from pathlib import Path

from oxtui.rack.isolation.errors import RackMachineError

_FIRST_BLOCK = int(IPv4Address("127.64.0.0"))
_BLOCK = 16
_BLOCKS = (int(IPv4Address("127.192.0.0")) - _FIRST_BLOCK) // _BLOCK
_TRIES = 64
_IPV6_LOOPBACK = "::1"
_LOCK_PORT = 41228
"""UDP port on a block's first address that says: taken. UDP, so it never meets SSH's port."""


@dataclass(frozen=True, slots=True)
class AddressBlock:
    """Addresses that no other rack on this machine uses, until `close`."""

    addresses: tuple[str, ...]
    ssh_port: int
    _held: tuple[socket.socket, ...]
    ipv6_addresses: tuple[str, ...] = ()

    def bind(self, address: str) -> socket.socket:
        """A socket bound to an instance's address and the SSH port; it does not listen yet.

        Raises:
            RackMachineError: the address is not of this rack, or something else has the port.
        """
        if address not in (*self.addresses, *self.ipv6_addresses):
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

    def with_ipv6(self, address: str, lock: socket.socket) -> AddressBlock:
        """Returns the block with an IPv6 address beside its own; `lock` is closed with it."""
        return replace(self, ipv6_addresses=(address,), _held=(*self._held, lock))

    def close(self) -> None:
        """Gives the addresses back."""
        for held in self._held:
            held.close()


def reserve(state: Path, ssh_port: int, *, ipv6: bool = False) -> AddressBlock:
    """Reserves a block; the same state gets the same one again while nobody else has it.

    ssh_port: TCP port of every instance; 0 takes one that is free.
    ipv6: reserve the port on ::1 as well.

    Raises:
        RackMachineError: no block or port is free, or the machine has no ::1.
    """
    refused = OSError()
    for _ in range(_TRIES):
        block = _ipv4_block(state, ssh_port)
        if not ipv6:
            return block
        try:
            lock = _hold_ipv6(block.ssh_port)
        except OSError as error:
            block.close()
            if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                raise RackMachineError(
                    f"this machine has no {_IPV6_LOOPBACK}, the only address that an IPv6 pool of "
                    "the rack can have: leave --ip-pools out, or name another --state"
                ) from error
            refused = error
            if ssh_port:
                break
            continue
        return block.with_ipv6(_IPV6_LOOPBACK, lock)
    raise RackMachineError(
        f"SSH port {ssh_port or 'of any number'} on {_IPV6_LOOPBACK}: {refused.strerror}; "
        "choose another with --ssh-port"
    ) from refused


def _ipv4_block(state: Path, ssh_port: int) -> AddressBlock:
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


def _hold_ipv6(port: int) -> socket.socket:
    """Says with a UDP port that the TCP port of that number is taken, which has to be free now."""
    lock = _bind(socket.SOCK_DGRAM, _IPV6_LOOPBACK, port)
    try:
        _bind(socket.SOCK_STREAM, _IPV6_LOOPBACK, port).close()
    except OSError:
        lock.close()
        raise
    return lock


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
    bound = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
    try:
        if reuse:  # connections of the machine's last boot linger in TIME_WAIT
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound
