"""From what httpx raises to what an operator is told."""

from __future__ import annotations

import httpx

from oxtui.maas.connection import Connection
from oxtui.maas.errors import Unreachable
from oxtui.maas.timing import Timing
from oxtui.service.failures import Asked, failure


def unreachable(
    error: httpx.RequestError, doing: str, connection: Connection, timing: Timing, seconds: float
) -> Unreachable:
    """The cause in plain words, and what to do next; `seconds` is what the answer had."""
    there = Asked(
        url=connection.url,
        address="the MAAS URL",
        trust="Give its authority with --cacert FILE or the system's, or skip the check with --insecure "
        "(in a template: insecure_skip_verify).",
        tls="Check the port, or write http:// if it has none.",
        connect=timing.connect,
        answer=seconds,
    )
    found = failure(error, there)
    return Unreachable(f"Cannot {doing}: {found.reason}", sent=found.sent)
