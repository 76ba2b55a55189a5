"""Hosts, addresses and users under other names: the same one is the same everywhere in a bundle."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

_IPV4: Final = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IPV6: Final = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:])"
)
_EITHER: Final = re.compile(f"{_IPV6.pattern}|{_IPV4.pattern}")
_PAIRS: Final = re.compile(
    r"(?<![\w:-])[0-9A-Fa-f]{2}(?P<by>[:-])(?:[0-9A-Fa-f]{2}(?P=by)){4,}[0-9A-Fa-f]{2}(?![\w]|[:-]\w)"
)
_BEFORE_MAC: Final = {0: "", 1: "01", 4: "00030001", 8: "00010001"}
"""By how many pairs stand before a MAC address: with what they begin (RFC 2132 9.14, RFC 8415 11.4 and 11.2)."""
_OTHER_MACS: Final = re.compile(
    r"(?<![\w.])(?=[\d.]*[A-Fa-f])(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}(?![\w.])|(?<=\benx)[0-9A-Fa-f]{12}\b"
)
"""As switches write them, and in the names of interfaces that systemd calls after their address."""
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![\w-])")
_HOME: Final = re.compile(r"(?<![\w/])/(?:home|Users)/([^/\s:'\"]+)")
_SHORTEST: Final = 3
"""Characters of a name; shorter ones are parts of ordinary words."""


class Anonymous:
    """Replaces what tells who and where; `count` says how many different things it replaced.

    `hosts` and `users` are names that are known beforehand; addresses, e-mail addresses and owners of
    home folders are found. Addresses become some of those for documentation (RFC 5737, RFC 3849, for MAC addresses
    RFC 9542), of the same kind as before: link-local and unique local IPv6 addresses and those of groups stay such.
    However an address is written, it becomes the same one, written in the same way. Zones (RFC 4007) stay, but for
    a MAC address in them.
    """

    def __init__(self, hosts: Iterable[str] = (), users: Iterable[str] = ()) -> None:
        self._known: dict[str, str] = {}
        self._addresses = {4: 0, 6: 0}
        self._macs = {False: 0, True: 0}
        self._names: dict[str, str] = {}
        for kind, names in (("host", hosts), ("user", users)):
            for name in names:
                if len(name) >= _SHORTEST and name not in ("root", "localhost"):
                    self._names.setdefault(name, f"{kind}-{len(self._names) + 1}")
        words = sorted(self._names, key=lambda name: (-len(name), name))
        self._words = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None
        )
        self._used: set[str] = set()

    @property
    def count(self) -> int:
        """How many different things were replaced."""
        return len(self._known) + len(self._used)

    def text(self, text: str) -> str:
        """A text without them."""
        text = _MAIL.sub(lambda m: self._other(m[0], "person-{}@example.com"), text)
        if self._words is not None:
            text = self._words.sub(self._named, text)
        text = _HOME.sub(self._home, text)
        text = _PAIRS.sub(self._pairs, _OTHER_MACS.sub(lambda m: self._mac(m[0]), text))
        return (_EITHER if ":" in text else _IPV4).sub(lambda m: self._address(m[0]), text)

    def line(self, line: bytes) -> bytes:
        """A line of output without them."""
        text = line.decode("utf-8", "surrogateescape")
        return self.text(text).encode("utf-8", "surrogateescape")

    def _other(self, found: str, form: str) -> str:
        return self._known.setdefault(found, form.format(len(self._known) + 1))

    def _named(self, match: re.Match[str]) -> str:
        self._used.add(match[0])
        return self._names[match[0]]

    def _home(self, match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith(("user-", "host-")):
            return match[0]
        return match[0][: -len(name)] + self._other(name, "user-{}")

    def _address(self, written: str) -> str:
        try:
            address = ip_address(written)
        except ValueError:
            return written
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            return f"::ffff:{self._address(str(address.ipv4_mapped))}"
        kept = address.is_loopback or address.is_unspecified or address.is_multicast
        if kept and address not in _SOLICITED:
            return written
        key = str(address)
        if key not in self._known:
            number = self._addresses[address.version] = self._addresses[address.version] + 1
            if isinstance(address, IPv4Address):
                nets = ("192.0.2", "198.51.100", "203.0.113")
                self._known[key] = f"{nets[number // 254 % 3]}.{number % 254 + 1}"
            else:
                self._known[key] = str(_stands_for(address) + number)
        return self._known[key]

    def _pairs(self, match: re.Match[str]) -> str:
        """A MAC address, alone or at the end of what identifies a client of DHCP."""
        by = match["by"]
        pairs = match[0].split(by)
        before = _BEFORE_MAC.get(len(pairs) - 6)
        if before is None or not "".join(pairs).startswith(before):
            return match[0]
        mac = by.join(pairs[-6:])
        return match[0][: -len(mac)] + self._mac(mac)

    def _mac(self, written: str) -> str:
        digits = re.sub("[^0-9a-f]", "", written.lower())
        if digits in ("0" * 12, "f" * 12):
            return written
        if digits not in self._known:
            group = bool(int(digits[:2], 16) & 1)
            number = self._macs[group] = self._macs[group] + 1
            first = 0x01005E901000 if group else 0x00005E005300
            # Behind the 256 for documentation come those that are administered locally.
            beyond = 0x030000000000 if group else 0x020000000000
            self._known[digits] = f"{(first if number < 256 else beyond) + number:012x}"
        other = iter(self._known[digits])
        upper = written != written.lower()
        return "".join(
            (next(other).upper() if upper else next(other)) if character.isalnum() else character
            for character in written
        )


_SOLICITED: Final = IPv6Network("ff02::1:ff00:0/104")
"""Groups with the end of an address in theirs (RFC 4291)."""
_KINDS: Final = {
    IPv6Network("fe80::/10"): IPv6Address("fe80::"),
    IPv6Network("fc00::/7"): IPv6Address("fd00::"),
    _SOLICITED: IPv6Address("ff02::1:ff00:0"),
}


def _stands_for(address: IPv6Address) -> IPv6Address:
    """The first of those that stand for addresses of that kind."""
    kinds = (first for network, first in _KINDS.items() if address in network)
    return next(kinds, IPv6Address("2001:db8::"))


def host_names(host: str) -> list[str]:
    """The name in a rack's URL, and its domain where it is one of a site."""
    name = urlsplit(host).hostname or ""
    parts = name.split(".")
    if not name or all(part.isdigit() for part in parts) or ":" in name:
        return []
    domain = ".".join(parts[1:])
    return [name, domain] if domain.count(".") else [name]
