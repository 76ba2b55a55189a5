"""From what httpx raises to what an operator is told."""

from __future__ import annotations

import socket
import ssl

import httpx

from oxtui.outscale.connection import Connection
from oxtui.outscale.errors import TransportError
from oxtui.outscale.timing import Timing
from oxtui.service.http import causes, was_sent


def transport_error(
    error: httpx.RequestError, action: str, connection: Connection, timing: Timing
) -> TransportError:
    """The cause in plain words, what to do next, and whether the API may have acted."""
    reason, passing = _reason(error, connection, timing)
    return TransportError(f"{action}: {reason}", sent=was_sent(error), passing=passing)


def _reason(error: httpx.RequestError, connection: Connection, timing: Timing) -> tuple[str, bool]:
    place = f"{connection.endpoint} (from {connection.source.get('endpoint', 'unknown')})"
    errors = list(causes(error))
    for cause in errors:
        if isinstance(cause, socket.gaierror):
            return (
                f"the name in {place} cannot be resolved. Check region and endpoint, your DNS and VPN.",
                cause.errno == socket.EAI_AGAIN,
            )
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"the certificate of {place} is not trusted ({cause.verify_message}). Add its authority "
                "to the system's, or skip the check with insecure_skip_tls_verify.",
                False,
            )
    if any(isinstance(cause, ssl.SSLError) for cause in errors):
        return (
            f"{place} does not accept TLS as we speak it. Where the account's access rules ask for a "
            "client certificate, give x509_cert_path and x509_key_path.",
            False,
        )
    if isinstance(error, httpx.ConnectTimeout):
        return f"{place} did not accept a connection within {timing.connect:g} s.", True
    if isinstance(error, httpx.TimeoutException):
        return f"no answer from {place} within {timing.answer:g} s. Try again.", True
    if isinstance(error, httpx.ConnectError):
        words = str(errors[-1]) or type(errors[-1]).__name__
        return f"{place} cannot be reached ({words}). Check your network.", True
    return f"the connection to {place} was lost before the answer was complete. Try again.", True
