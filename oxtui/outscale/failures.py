"""From what httpx raises to what an operator is told."""

from __future__ import annotations

import httpx

from oxtui.outscale.connection import Connection
from oxtui.outscale.errors import TransportError
from oxtui.outscale.timing import Timing
from oxtui.service.failures import Asked, failure


def transport_error(
    error: httpx.RequestError, action: str, connection: Connection, timing: Timing
) -> TransportError:
    """The cause in plain words, what to do next, and whether the API may have acted."""
    api = Asked(
        url=connection.endpoint,
        origin=connection.source.get("endpoint", ""),
        address="region and endpoint",
        trust="Add its authority to the system's, or skip the check with insecure_skip_tls_verify.",
        tls="Where the account's access rules ask for a client certificate, give x509_cert_path and "
        "x509_key_path.",
        connect=timing.connect,
        answer=timing.answer,
    )
    found = failure(error, api)
    return TransportError(f"{action}: {found.reason}", sent=found.sent, passing=found.passing)
