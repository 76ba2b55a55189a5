"""Addresses under other names: the same one however it is written, and of the same kind."""

from __future__ import annotations

import json
import re
from ipaddress import IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxtui.build.bundle.anonymous import Anonymous

MACS = st.binary(min_size=6, max_size=6).filter(lambda mac: set(mac) not in ({0}, {255}))


def written(mac: bytes) -> dict[str, str]:
    """A MAC address in every form."""
    digits = mac.hex()
    return {
        "linux": mac.hex(":"), "upper": mac.hex(":").upper(), "windows": mac.hex("-").upper(),
        "name": f"enx{digits}", "dhcp": f"01:{mac.hex(':')}", "duid": f"00:03:00:01:{mac.hex(':')}",
        "duid-time": f"00:01:00:01:2c:11:22:33:{mac.hex(':')}",
        "zone": f"fe80::1%enx{digits}",
    }  # fmt: skip


@given(st.lists(MACS, min_size=1, max_size=20, unique=True))
def test_a_mac_address_is_the_same_other_one_in_every_form(macs: list[bytes]) -> None:
    anonymous = Anonymous()
    others = {}
    for mac in macs:
        for form, text in written(mac).items():
            other = anonymous.text(text)
            digits = re.sub("[^0-9a-f]", "", other.lower())[-12:]
            assert others.setdefault(mac, digits) == digits, form
            # How it is written, and pairs before it, are as they were.
            assert other == text[: -len(alone(text))] + like(alone(text), digits)
    assert len(set(others.values())) == len(macs)
    for mac, digits in others.items():
        assert digits.startswith(("00005e0053", "01005e9010"))
        assert bytes.fromhex(digits)[0] & 1 == mac[0] & 1


def alone(text: str) -> str:
    """The MAC address that a text ends in."""
    return text[-12:] if "enx" in text else text[-17:]


def like(form: str, digits: str) -> str:
    """Digits written in the form of another address."""
    by = re.sub("[0-9a-fA-F]", "", form)[:1]
    joined = by.join(digits[at : at + 2] for at in range(0, 12, 2))
    return joined.upper() if form != form.lower() else joined


def test_more_of_them_than_are_for_documentation_stay_apart() -> None:
    anonymous = Anonymous()
    macs = [bytes([a & 254, 7, 7, 7, b, 9]) for a in range(0, 8, 2) for b in range(200)]
    others = {anonymous.text(mac.hex(":")) for mac in macs}
    assert len(others) == len(macs) == anonymous.count


@pytest.mark.parametrize(
    "text",
    [
        "ff:ff:ff:ff:ff:ff 00:00:00:00:00:00",  # broadcast, none
        "at 12:34:56 and 2026-11-30 00:11:22",
        "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",  # a key's fingerprint
        "550e8400-e29b-41d4-a716-446655440000",
        "02:01:00:01:2c:11:22:33:a8:40:25:f4:00:01",  # no identifier of DHCP
        "version 2024.1105.1234, ff02::1 ff02::1:2 ::1 ::",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    anonymous = Anonymous()
    assert anonymous.text(text) == text
    assert anonymous.count == 0


def test_switches_write_them_with_dots() -> None:
    anonymous = Anonymous()
    assert anonymous.text("A840.25f4.0001") == "0000.5E00.5301"
    assert anonymous.text("a8:40:25:f4:00:01") == "00:00:5e:00:53:01"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("fe80::aa40:25ff:fef4:1%eth0", "fe80::1%eth0"),
        ("[fe80::aa40:25ff:fef4:1%25eth0]:22", "[fe80::1%25eth0]:22"),
        ("fe80::aa40:25ff:fef4:1%3", "fe80::1%3"),
        ("FE80:0:0:0:AA40:25FF:FEF4:1%eth0/64", "fe80::1%eth0/64"),
        ("fe80::aa40:25ff:fef4:1%enxa84025f40001", "fe80::1%enx00005e005301"),
        ("inet6 fd12:3456:789a::5/64", "inet6 fd00::1/64"),
        ("inet6 2600:1f18::5/64", "inet6 2001:db8::1/64"),
        ("::ffff:10.1.2.3 10.1.2.3 ::ffff:a01:203", "::ffff:192.0.2.2 192.0.2.2 ::ffff:192.0.2.2"),
        ("ff02::1:fff4:1%eth0", "ff02::1:ff00:1%eth0"),
    ],
)
def test_ipv6_addresses_stay_of_their_kind_with_their_zone(text: str, other: str) -> None:
    assert Anonymous().text(text) == other


KEPT = (
    "::/128",
    "::1/128",
    "ff00::/8",
    "::ffff:127.0.0.0/104",
    "::ffff:224.0.0.0/100",
    "::ffff:0:0/128",
)


@given(
    st.ip_addresses(v=6).filter(lambda each: not any(each in ip_network(net) for net in KEPT)),
    st.sampled_from(["", "%eth0", "%25ens3", "%2"]),
)
def test_no_ipv6_address_is_left_and_each_is_one_other(address: IPv6Address, zone: str) -> None:
    anonymous = Anonymous()
    first, second = anonymous.text(f"a {address}{zone} b {address.exploded.upper()} c").split()[
        1:4:2
    ]
    assert first == f"{second}{zone}"
    other = ip_address(second)
    assert other.is_link_local == address.is_link_local
    assert other.is_multicast == address.is_multicast
    assert json.loads(anonymous.text(json.dumps({"at": f"{address}{zone}"}))) == {"at": first}
