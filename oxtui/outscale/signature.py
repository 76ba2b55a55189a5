"""OSC4-HMAC-SHA256: how requests are signed (Outscale API, "API access management")."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

ALGORITHM = "OSC4-HMAC-SHA256"
SERVICE = "api"
SIGNED = "content-type;host;x-osc-date"
"""The headers that are signed, in this order."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed of a request.

    Attributes:
        host: The Host header as it is sent: with a port that is not the scheme's own.
        path: Such as `/api/v1/ReadVms`.
        content_type: The Content-Type header as it is sent.
        body: Exactly the bytes that are sent.
        date: The X-Osc-Date header.
    """

    host: str
    path: str
    content_type: str
    body: bytes
    date: str

    @property
    def canonical(self) -> str:
        """The request in the one form that both sides hash."""
        headers = f"content-type:{self.content_type}\nhost:{self.host}\nx-osc-date:{self.date}\n"
        digest = hashlib.sha256(self.body).hexdigest()
        return f"POST\n{self.path}\n\n{headers}\n{SIGNED}\n{digest}"


def osc_date(moment: datetime) -> str:
    """The X-Osc-Date header, `YYYYMMDDTHHMMSSZ` in UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def scope(date: str, region: str) -> str:
    """What the signing key is good for: a day, a region, the API."""
    return f"{date[:8]}/{region}/{SERVICE}/osc4_request"


def string_to_sign(request: Request, region: str) -> str:
    """What the signature is made over."""
    digest = hashlib.sha256(request.canonical.encode()).hexdigest()
    return f"{ALGORITHM}\n{request.date}\n{scope(request.date, region)}\n{digest}"


def signing_key(secret_key: str, date: str, region: str) -> bytes:
    """The key of a day and a region, which does not tell the secret key."""
    key = f"OSC4{secret_key}".encode()
    for part in (date[:8], region, SERVICE, "osc4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def authorization(request: Request, region: str, access_key: str, secret_key: str) -> str:
    """The Authorization header."""
    key = signing_key(secret_key, request.date, region)
    signature = hmac.digest(key, string_to_sign(request, region).encode(), "sha256").hex()
    credential = f"{access_key}/{scope(request.date, region)}"
    return f"{ALGORITHM} Credential={credential}, SignedHeaders={SIGNED}, Signature={signature}"
