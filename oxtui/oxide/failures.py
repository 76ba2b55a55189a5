"""From what httpx raises to what an operator is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from oxtui.oxide.errors import TransportError
from oxtui.service.failures import Asked, failure

if TYPE_CHECKING:
    from oxtui.oxide.calls import Call
    from oxtui.oxide.credentials import Connection
    from oxtui.oxide.timing import Timing


def transport_error(
    error: httpx.RequestError, call: Call, connection: Connection, timing: Timing
) -> TransportError:
    """The cause in plain words, what to do next, and whether the rack may have acted."""
    rack = Asked(
        url=connection.host,
        origin=connection.source.get("host", ""),
        address="the host",
        trust="Give its authority with --cacert FILE, or skip the check with --insecure.",
        tls="Check the port, or write http:// if it has none.",
        connect=timing.connect,
        answer=timing.answer[call.kind],
    )
    found = failure(error, rack)
    return TransportError(
        f"Cannot {call.action}: {found.reason}", sent=found.sent, passing=found.passing
    )
