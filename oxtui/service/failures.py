"""Why no whole answer of a service came back, in words for an operator."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass

import httpx

from oxtui.service.http import causes, was_refused, was_sent
from oxtui.service.words import os_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A service that was asked something, in its client's words.

    Attributes:
        url: Its address.
        origin: What says that address, such as an environment variable; empty where nobody knows.
        address: The same as an operator would correct it, behind "Check": `the host`.
        trust: How to have a certificate trusted whose authority is not known, in a sentence.
        tls: What to do where TLS is refused, in a sentence.
        connect: Seconds that a connection had.
        answer: Seconds that the next bytes of an answer had.
    """

    url: str
    origin: str = ""
    address: str
    trust: str
    tls: str
    connect: float
    answer: float

    @property
    def place(self) -> str:
        """The address and what says it, where that may be wrong."""
        return f"{self.url} (from {self.origin})" if self.origin else self.url


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request failed.

    Attributes:
        reason: The place, the cause and the next step, from the middle of a sentence on.
        sent: False when the request certainly never reached the service.
        passing: True when a repetition may well work.
    """

    reason: str
    sent: bool
    passing: bool


def failure(error: httpx.RequestError, asked: Asked) -> Failure:
    """What an operator is told of an error of the HTTP library, and what a client may do."""
    reason, passing = _reason(error, list(causes(error)), asked)
    return Failure(reason, was_sent(error), passing)


def innermost(error: BaseException) -> BaseException:
    """What an error came from in the end; of the tries of several addresses, the first."""
    inner, seen = error, {id(error)}
    while True:
        behind = inner.__cause__ or inner.__context__
        if isinstance(inner, BaseExceptionGroup):
            behind = inner.exceptions[0]
        if behind is None or id(behind) in seen:
            return inner
        inner = behind
        seen.add(id(inner))


def said(error: BaseException) -> str:
    """Why a request failed, in a phrase about the server."""
    inner = innermost(error)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({inner.verify_message})"
    if isinstance(inner, ssl.SSLError):
        return f"TLS fails ({inner.reason or inner})"
    if isinstance(inner, OSError) and inner.strerror:
        words = os_words(inner)
        return words[:1].lower() + words[1:]
    return str(inner) or type(inner).__name__


def _reason(
    error: httpx.RequestError, errors: list[BaseException], asked: Asked
) -> tuple[str, bool]:
    place, url = asked.place, asked.url
    for cause in errors:
        if isinstance(cause, socket.gaierror):
            words = (
                f"the name of {place} cannot be resolved. Check {asked.address}, your DNS and VPN."
            )
            return words, cause.errno == socket.EAI_AGAIN
        if isinstance(cause, ssl.SSLCertVerificationError):
            untrusted = f"the certificate of {place} is not trusted ({cause.verify_message})"
            return f"{untrusted}. {asked.trust}", False
    if any(_refuses_tls(cause, error) for cause in errors):
        return f"{place} does not speak TLS as we do. {asked.tls}", False
    if isinstance(error, httpx.ProxyError):
        refused = f"the proxy on the way to {place} refuses ({said(error)})"
        return f"{refused}. Check HTTPS_PROXY and NO_PROXY.", False
    if isinstance(error, httpx.ConnectTimeout):
        late = f"{place} did not accept a connection within {asked.connect:g} s"
        return f"{late}. Check {asked.address}, your network and VPN.", True
    if isinstance(error, httpx.DecodingError):
        return f"the answer of {url} is damaged ({error}). Try again.", True
    if isinstance(error, httpx.TimeoutException):
        return f"no answer from {url} within {asked.answer:g} s. Try again.", True
    if was_refused(error):
        return f"{place} refuses connections. Check {asked.address} and the port.", True
    if isinstance(error, httpx.ConnectError):
        unreached = f"{place} cannot be reached ({said(error)})"
        return f"{unreached}. Check {asked.address} and your network.", True
    return f"the connection to {url} was lost before the answer was complete. Try again.", True


def _refuses_tls(cause: BaseException, error: httpx.RequestError) -> bool:
    """Whether TLS itself failed; that the other end hung up says so only while it is being agreed on."""
    if isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return isinstance(error, httpx.ConnectError)
    return isinstance(cause, ssl.SSLError)
