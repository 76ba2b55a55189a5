"""Which host key a guest may show: the one seen first, and one that its console printed where it printed any."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

_BEGIN = re.compile(rb"-----BEGIN SSH HOST KEY (FINGERPRINTS|KEYS)-----")
_END = re.compile(rb"-----END SSH HOST KEY (FINGERPRINTS|KEYS)-----")
_FINGERPRINT = re.compile(rb"SHA256:[A-Za-z0-9+/]{43}")
_PUBLIC_KEY = re.compile(rb"(?:ssh|ecdsa|sk)-[A-Za-z0-9@.-]+ (AAAA[A-Za-z0-9+/]+={0,2})")
_LONGEST_LINE = 16 * 1024
"""Bytes; an RSA key of 16384 bits takes 2.8 KB."""


def _nothing() -> None:
    return


@dataclass(slots=True)
class PrintedHostKeys:
    """Reads a console for the blocks that cloud-init prints (`keys_to_console`), byte by byte as it grows.

    A block counts once its last line is there, so that half of it refuses no key.
    """

    fingerprints: set[str] = field(default_factory=set)
    """`SHA256:…` of all keys that were printed."""
    on_printed: Callable[[], None] = _nothing
    """Called after each block."""
    _line: bytes = b""
    _block: set[str] | None = None

    def feed(self, data: bytes) -> None:
        """Takes the next bytes of the console."""
        *lines, rest = (self._line + data).split(b"\n")
        self._line = rest[-_LONGEST_LINE:]
        for line in lines:
            self._read(line)

    def _read(self, line: bytes) -> None:
        if _BEGIN.search(line):
            self._block = set()
        elif self._block is not None and _END.search(line):
            found, self._block = self._block, None
            if found - self.fingerprints:
                self.fingerprints |= found
                self.on_printed()
        elif self._block is not None:
            self._block |= {match.decode() for match in _FINGERPRINT.findall(line)}
            self._block |= {_fingerprint(match) for match in _PUBLIC_KEY.findall(line)} - {""}


def _fingerprint(encoded: bytes) -> str:
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return ""
    return fingerprint(data)


def fingerprint(public_key: bytes) -> str:
    """`SHA256:…` of a public key as it stands in the protocol, as `ssh-keygen -l` prints it."""
    digest = base64.b64encode(hashlib.sha256(public_key).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"


@dataclass(slots=True)
class HostKeyPin:
    """Takes the first host key of a server and no other after it."""

    pinned: str = ""
    """Fingerprint of the key that was taken; empty before the first contact."""
    mismatch: str = ""
    """Fingerprint of a key that was refused."""
    printed: PrintedHostKeys = field(default_factory=PrintedHostKeys)

    def accepts(self, fingerprint: str) -> bool:
        """Whether a server may show this key; the first one is pinned."""
        known = self.printed.fingerprints
        if fingerprint != (self.pinned or fingerprint) or (known and fingerprint not in known):
            self.mismatch = fingerprint
            return False
        self.pinned = fingerprint
        return True

    @property
    def contradicted(self) -> bool:
        """Whether the console printed keys after the first contact, and not the one that was pinned."""
        known = self.printed.fingerprints
        return bool(self.pinned and known and self.pinned not in known)

    @property
    def is_printed(self) -> bool:
        """Whether the console printed the pinned key."""
        return self.pinned in self.printed.fingerprints

    @property
    def origin(self) -> str:
        """Why the pinned key is trusted, for the log."""
        if self.is_printed:
            return "as its console printed it"
        return "taken on first contact"

    def problem(self, place: str) -> str:
        """Why the key of the server at `place` is refused, as sentences; empty if it is not."""
        shown = self.mismatch or (self.pinned if self.contradicted else "")
        if not shown:
            return ""
        if self.printed.fingerprints and shown not in self.printed.fingerprints:
            return (
                f"{place} shows the host key {shown}, and the machine printed "
                f"{', '.join(sorted(self.printed.fingerprints))} on its serial console; something else "
                "answers at this address. Check the instance before going on."
            )
        return (
            f"{place} shows another host key than before ({shown}, not {self.pinned}); "
            "something else answers at this address. Check the instance before going on."
        )
