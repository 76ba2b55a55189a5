"""Checks the signature of a request: OSC4-HMAC-SHA256, and AWS4-HMAC-SHA256, which the API takes too.

Source: the description of the scheme. Some clients sign the host without its port, others as they
send it; the service accepts both, so both are tried here.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn
from urllib.parse import parse_qsl, quote

from oxtui.rack.outscale.errors import refused_login

LONGEST_SKEW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Scheme:
    prefix: str
    terminator: str
    date_header: str


_SCHEMES = {
    "OSC4-HMAC-SHA256": _Scheme("OSC4", "osc4_request", "x-osc-date"),
    "AWS4-HMAC-SHA256": _Scheme("AWS4", "aws4_request", "x-amz-date"),
}
_AUTHORIZATION = re.compile(
    r"(?P<scheme>\S+) +Credential=(?P<key>[^/\s,]+)/(?P<date>\d{8})/(?P<region>[^/\s,]+)"
    r"/(?P<service>[^/\s,]+)/(?P<end>[^/\s,]+), *SignedHeaders=(?P<headers>[a-z0-9;-]+)"
    r", *Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What was signed, as it came. `headers`: lower-case names; `path`: as sent, still quoted."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def check(
    request: SignedRequest, *, access_key: str, secret_key: str, region: str, now: datetime
) -> None:
    """Return if the request is signed with this key for this region; else raise OapiError 401 or 403."""
    authorization = request.headers.get("authorization")
    if authorization is None:
        raise refused_login("10", "the request has no Authorization header")
    if authorization.startswith("Basic "):
        raise refused_login("9", "this account cannot log in with a password")
    parts = _AUTHORIZATION.fullmatch(authorization.strip())
    scheme = None if parts is None else _SCHEMES.get(parts["scheme"])
    if parts is None or scheme is None or parts["end"] != scheme.terminator:
        raise refused_login("8", "the Authorization header is of no known scheme")
    signed = parts["headers"].split(";")
    absent = [name for name in ("host", scheme.date_header) if name not in signed]
    absent += [name for name in signed if name not in request.headers]
    if absent:
        raise refused_login("8", f"header {absent[0]} is not signed, or not sent")
    date = request.headers[scheme.date_header].strip()
    _check_date(date, parts["date"], now)
    if (parts["key"], parts["region"]) != (access_key, region) or parts["service"] != "api":
        _denied("no such access key in this region and service")
    scope = f"{parts['date']}/{region}/api/{scheme.terminator}"
    key = _signing_key(scheme, secret_key, scope)
    for host in _hosts(request.headers["host"]):
        digest = hashlib.sha256(_canonical(request, signed, host)).hexdigest()
        text = "\n".join((parts["scheme"], date, scope, digest))
        expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        if hmac.compare_digest(expected, parts["signature"]):
            return
    _denied("the signature does not match")


def _denied(details: str) -> NoReturn:
    raise refused_login("1", details)


def _check_date(date: str, day: str, now: datetime) -> None:
    try:
        moment = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        _denied("the date is not of the form YYYYMMDDTHHMMSSZ")
    if not date.startswith(day):
        _denied("the date is of another day than the credential")
    if abs(now - moment) > LONGEST_SKEW:
        _denied(f"the date is {abs(now - moment)} away from the time here")


def _hosts(host: str) -> tuple[str, ...]:
    bare = re.sub(r":\d+$", "", host)
    return (host,) if bare == host else (host, bare)


def _canonical(request: SignedRequest, signed: list[str], host: str) -> bytes:
    pairs = sorted(parse_qsl(request.query, keep_blank_values=True))
    headers = {**request.headers, "host": host}
    lines = [
        request.method,
        request.path,
        "&".join(
            f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs
        ),
        *(f"{name}:{' '.join(headers[name].split())}" for name in signed),
        "",
        ";".join(signed),
        hashlib.sha256(request.body).hexdigest(),
    ]
    return "\n".join(lines).encode()


def _signing_key(scheme: _Scheme, secret_key: str, scope: str) -> bytes:
    key = f"{scheme.prefix}{secret_key}".encode()
    for word in scope.split("/"):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    return key
