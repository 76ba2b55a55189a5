"""Functions on address ranges."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Final

from oxtui.template.hcl.functions.spec import ArgumentError, CallError, Function, Parameter
from oxtui.template.hcl.values.types import NUMBER, STRING, ListType
from oxtui.template.hcl.values.value import list_of, string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oxtui.template.hcl.values.value import Value

_PREFIX = Parameter("prefix", STRING)


def _network(argument: Value) -> IPv4Network | IPv6Network:
    address, slash, length = argument.text.partition("/")
    if not slash or not length.isdecimal() or not length.isascii():
        raise CallError("invalid CIDR expression: an address and a length are needed: 10.0.0.0/8")
    try:
        return ip_network(f"{address}/{int(length[:4])}", strict=False)
    except ValueError:
        raise CallError("invalid CIDR expression: the address or the length is wrong") from None


def _integer(argument: Value, index: int) -> int:
    if not argument.number.is_integer:
        raise ArgumentError(index, "a whole number is required")
    return argument.number.truncated()


def _cidrhost(arguments: Sequence[Value]) -> Value:
    network = _network(arguments[0])
    number = _integer(arguments[1], 1)
    count = network.num_addresses
    if not -count <= number < count:
        raise CallError(f"prefix of {network.prefixlen} does not accommodate a host of that number")
    return string(str(network[number]))


def _cidrnetmask(arguments: Sequence[Value]) -> Value:
    return string(str(_network(arguments[0]).netmask))


def _subnet(
    network: IPv4Network | IPv6Network, bits: int, number: int
) -> IPv4Network | IPv6Network:
    length = network.prefixlen + bits
    if bits < 0 or length > network.max_prefixlen:
        raise CallError(f"not enough bits are left in {network} for {bits} more")
    if not 0 <= number < 1 << bits:
        raise CallError(
            f"prefix extension of {bits} does not accommodate a subnet numbered {number}"
        )
    start = int(network.network_address) + (number << (network.max_prefixlen - length))
    return type(network)((start, length))


def _cidrsubnet(arguments: Sequence[Value]) -> Value:
    network = _network(arguments[0])
    bits, number = _integer(arguments[1], 1), _integer(arguments[2], 2)
    return string(str(_subnet(network, bits, number)))


def _cidrsubnets(arguments: Sequence[Value]) -> Value:
    network = _network(arguments[0])
    at = int(network.network_address)
    end = at + network.num_addresses
    found: list[Value] = []
    for index, argument in enumerate(arguments[1:], start=1):
        bits = _integer(argument, index)
        if not 1 <= bits <= 32:
            raise ArgumentError(index, "must extend the prefix by at least one bit and at most 32")
        length = network.prefixlen + bits
        if length > network.max_prefixlen:
            raise ArgumentError(
                index, f"would extend the prefix to {length} bits, which is too long"
            )
        size = 1 << (network.max_prefixlen - length)
        at = -(-at // size) * size
        if at + size > end:
            raise ArgumentError(index, f"not enough remaining address space for a /{length}")
        found.append(string(str(type(network)((at, length)))))
        at += size
    return list_of(STRING, found)


FUNCTIONS: Final = (
    Function("cidrhost", (_PREFIX, Parameter("hostnum", NUMBER)), _cidrhost, returns=STRING),
    Function("cidrnetmask", (_PREFIX,), _cidrnetmask, returns=STRING),
    Function(
        "cidrsubnet",
        (_PREFIX, Parameter("newbits", NUMBER), Parameter("netnum", NUMBER)),
        _cidrsubnet,
        returns=STRING,
    ),
    Function(
        "cidrsubnets",
        (_PREFIX,),
        _cidrsubnets,
        rest=Parameter("newbits", NUMBER),
        returns=ListType(STRING),
    ),
)
