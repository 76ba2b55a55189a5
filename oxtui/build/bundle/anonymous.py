"""Hosts, addresses and users under other names: the same one is the same everywhere in a bundle."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_IPV4: Final = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IPV6: Final = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:])"
)
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![\w-])")
_HOME: Final = re.compile(r"(?<![\w/])/(?:home|Users)/([^/\s:'\"]+)")
_SHORTEST: Final = 3
"""Characters of a name; shorter ones are parts of ordinary words."""


class Anonymous:
    """Replaces what tells who and where; `count` says how many different things it replaced.

    `hosts` and `users` are names that are known beforehand; addresses, e-mail addresses and owners of
    home folders are found. Addresses become some of those for documentation (RFC 5737, RFC 3849).
    """

    def __init__(self, hosts: Iterable[str] = (), users: Iterable[str] = ()) -> None:
        self._known: dict[str, str] = {}
        self._addresses = {4: 0, 6: 0}
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
        text = _IPV4.sub(self._address, text)
        return _IPV6.sub(self._address, text) if ":" in text else text

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

    def _address(self, match: re.Match[str]) -> str:
        try:
            address = ip_address(match[0])
        except ValueError:
            return match[0]
        if address.is_loopback or address.is_unspecified:
            return match[0]
        key = str(address)
        if key not in self._known:
            number = self._addresses[address.version] = self._addresses[address.version] + 1
            nets = ("192.0.2", "198.51.100", "203.0.113")
            other = f"{nets[number // 254 % 3]}.{number % 254 + 1}"
            self._known[key] = other if address.version == 4 else f"2001:db8::{number:x}"
        return self._known[key]


def host_names(host: str) -> list[str]:
    """The name in a rack's URL, and its domain where it is one of a site."""
    name = urlsplit(host).hostname or ""
    parts = name.split(".")
    if not name or all(part.isdigit() for part in parts) or ":" in name:
        return []
    domain = ".".join(parts[1:])
    return [name, domain] if domain.count(".") else [name]
