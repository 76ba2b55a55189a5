"""Each rack has loopback addresses and a port that no other rack uses."""

from __future__ import annotations

import errno
import socket
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from oxtui.rack import addresses
from oxtui.rack.hypervisor import RackMachineError
from tests.ipv6 import needs_ipv6
from tests.ports import reserved


def test_a_block_is_of_loopback_and_the_same_for_the_same_state(tmp_path: Path) -> None:
    first = addresses.reserve(tmp_path, 0)
    first.close()
    again = addresses.reserve(tmp_path, 0)
    again.close()
    assert first.addresses == again.addresses
    assert len(first.addresses) == 14
    block = IPv4Network(f"{IPv4Address(first.addresses[0]) - 1}/28")
    assert all(IPv4Address(address) in block for address in first.addresses)
    assert block.subnet_of(IPv4Network("127.0.0.0/8"))
    assert first.ssh_port >= 1024


def test_racks_on_one_machine_get_blocks_of_their_own(tmp_path: Path) -> None:
    held = [addresses.reserve(tmp_path, 0) for _ in range(5)]
    every = [address for block in held for address in block.addresses]
    assert len(set(every)) == len(every)
    for block in held:
        block.close()


def test_instances_of_one_port_do_not_meet(tmp_path: Path) -> None:
    block = addresses.reserve(tmp_path, 0)
    with block.bind(block.addresses[0]) as one, block.bind(block.addresses[1]) as two:
        assert one.getsockname() == (block.addresses[0], block.ssh_port)
        assert two.getsockname() == (block.addresses[1], block.ssh_port)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(one.getsockname())
    block.close()


def test_a_port_of_choice_is_taken_by_two_racks_side_by_side(tmp_path: Path) -> None:
    with reserved() as port:
        one, two = addresses.reserve(tmp_path, port), addresses.reserve(tmp_path, port)
    assert one.ssh_port == two.ssh_port == port
    assert not set(one.addresses) & set(two.addresses)
    one.close()
    two.close()


def test_a_port_that_is_taken_everywhere_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("0.0.0.0", 0)) as everywhere:
        port = everywhere.getsockname()[1]
        with pytest.raises(RackMachineError, match=rf"SSH port {port}: .*--ssh-port"):
            addresses.reserve(tmp_path, port)


@needs_ipv6
def test_an_ipv6_address_is_of_one_rack_at_each_port(tmp_path: Path) -> None:
    one = addresses.reserve(tmp_path, 0, ipv6=True)
    other = addresses.reserve(tmp_path, 0, ipv6=True)
    assert one.ipv6_addresses == other.ipv6_addresses == ("::1",)
    assert one.ssh_port != other.ssh_port
    with one.bind("::1") as bound:
        assert bound.getsockname()[:2] == ("::1", one.ssh_port)
    with pytest.raises(RackMachineError, match=rf"SSH port {one.ssh_port} on ::1: .*--ssh-port"):
        addresses.reserve(tmp_path, one.ssh_port, ipv6=True)
    addresses.reserve(tmp_path, one.ssh_port).close()
    one.close()
    addresses.reserve(tmp_path, one.ssh_port, ipv6=True).close()
    other.close()


@needs_ipv6
def test_a_port_that_something_else_serves_on_ipv6_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as served:
        port = served.getsockname()[1]
        with pytest.raises(RackMachineError, match=f"SSH port {port} on ::1"):
            addresses.reserve(tmp_path, port, ipv6=True)


def test_a_rack_without_ipv6_has_no_such_address(tmp_path: Path) -> None:
    block = addresses.reserve(tmp_path, 0)
    with pytest.raises(RackMachineError, match="::1 is no address of this rack"):
        block.bind("::1")
    block.close()


@pytest.mark.parametrize("number", [errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT])
def test_a_machine_without_ipv6_is_told_what_to_leave_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    bind = addresses._bind

    def refused(kind: socket.SocketKind, address: str, port: int, **more: bool) -> socket.socket:
        if ":" in address:
            raise OSError(number, "as of a machine without IPv6")
        return bind(kind, address, port, **more)

    monkeypatch.setattr(addresses, "_bind", refused)
    with pytest.raises(RackMachineError, match=r"no ::1, .* leave --ip-pools out"):
        addresses.reserve(tmp_path, 0, ipv6=True)
    monkeypatch.undo()
    addresses.reserve(tmp_path, 0).close()
