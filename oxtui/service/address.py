"""Whether the address of a service is of this machine."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_loopback(url: str) -> bool:
    """True for a service on this machine, which no proxy can reach and nobody on a way to it can read."""
    name = urlsplit(url).hostname or ""
    return name in {"localhost", "::1"} or name.startswith("127.")
