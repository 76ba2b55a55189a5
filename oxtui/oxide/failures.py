"""From what httpx raises to what an operator is told."""

from __future__ import annotations

import errno
import socket
import ssl
from typing import TYPE_CHECKING

import httpx

from oxtui.oxide.errors import TransportError
from oxtui.service.http import causes, was_sent

if TYPE_CHECKING:
    from oxtui.oxide.calls import Call
    from oxtui.oxide.credentials import Connection
    from oxtui.oxide.timing import Timing


def transport_error(
    error: httpx.RequestError, call: Call, connection: Connection, timing: Timing
) -> TransportError:
    """The cause in plain words, what to do next, and whether the rack may have acted."""
    reason, passing = _reason(error, call, connection, timing)
    return TransportError(
        f"Cannot {call.verb} {call.subject}: {reason}", sent=was_sent(error), passing=passing
    )


def _reason(
    error: httpx.RequestError, call: Call, connection: Connection, timing: Timing
) -> tuple[str, bool]:
    host = connection.host
    origin = f" (from {connection.source['host']})" if "host" in connection.source else ""
    errors = list(causes(error))
    for cause in errors:
        if isinstance(cause, socket.gaierror):
            temporary = cause.errno == socket.EAI_AGAIN
            return (
                f"the name of {host}{origin} cannot be resolved. Check the host, your DNS and VPN.",
                temporary,
            )
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"the certificate of {host} is not trusted ({cause.verify_message}). Give its"
                " authority with --cacert FILE, or skip the check with --insecure.",
                False,
            )
    if any(isinstance(cause, ssl.SSLError) for cause in errors) and isinstance(
        error, httpx.ConnectError
    ):
        return (
            f"{host} does not speak TLS as we do. Check the port, or write http:// if it has none.",
            False,
        )
    if isinstance(error, httpx.ConnectTimeout):
        return (
            f"{host}{origin} did not accept a connection within {timing.connect:g} s. Check the"
            " host, your network and VPN.",
            True,
        )
    if isinstance(error, httpx.DecodingError):
        return f"the answer of {host} is damaged ({error}). Try again.", True
    if isinstance(error, httpx.TimeoutException):
        return f"no answer from {host} within {timing.answer[call.kind]:g} s. Try again.", True
    if _has_errno(errors, errno.ECONNREFUSED):
        return f"{host}{origin} refuses connections. Check host and port.", True
    if isinstance(error, httpx.ConnectError):
        return f"{host}{origin} cannot be reached ({_words(errors)}). Check your network.", True
    return f"the connection to {host} was lost before the answer was complete. Try again.", True


def _has_errno(errors: list[BaseException], number: int) -> bool:
    return any(isinstance(cause, OSError) and cause.errno == number for cause in errors)


def _words(errors: list[BaseException]) -> str:
    return str(errors[-1]) or type(errors[-1]).__name__
