"""Each rack has loopback addresses and a port that no other rack uses."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from oxtui.rack import addresses
from oxtui.rack.hypervisor import RackMachineError


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
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
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
