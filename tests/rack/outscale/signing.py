"""A signer of the tests' own, for what they send themselves."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime


def headers(
    *,
    path: str,
    host: str,
    body: bytes,
    access_key: str,
    secret_key: str,
    region: str,
    now: datetime,
) -> dict[str, str]:
    """Return the headers of a POST that is signed with OSC4-HMAC-SHA256."""
    date = now.strftime("%Y%m%dT%H%M%SZ")
    kind, signed = "application/json", "content-type;host;x-osc-date"
    digest = hashlib.sha256(body).hexdigest()
    canonical = (
        f"POST\n{path}\n\ncontent-type:{kind}\nhost:{host}\nx-osc-date:{date}\n\n{signed}\n{digest}"
    )
    scope = f"{date[:8]}/{region}/api/osc4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"OSC4{secret_key}".encode()
    for word in (*scope.split("/"), f"OSC4-HMAC-SHA256\n{date}\n{scope}\n{hashed}"):
        key = hmac.digest(key, word.encode(), "sha256")
    return {
        "Content-Type": kind,
        "X-Osc-Date": date,
        "Authorization": (
            f"OSC4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={signed}, "
            f"Signature={key.hex()}"
        ),
    }
