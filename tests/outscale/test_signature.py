"""Signatures are those of another implementation of the scheme, and are made over the bytes sent."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from oxtui.outscale.signature import (
    Request,
    authorization,
    osc_date,
    signing_key,
    string_to_sign,
)
from tests.outscale.rig import ACCESS_KEY, SECRET_KEY, Api, reply
from tests.shared import shared

VECTORS = "cases/outscale/signature-vectors.json"


def vectors() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared(VECTORS).read_text())
    return found


def test_every_vector_of_the_other_implementation_is_met() -> None:
    whole = vectors()
    assert len(whole["cases"]) >= 5
    for case in whole["cases"]:
        date = case.get("x_osc_date", whole["x_osc_date"])
        request = Request(
            case["host"], case["path"], case["content_type"], case["body"].encode(), date
        )
        region = case["region"]
        assert request.canonical == case["canonical_request"]
        assert string_to_sign(request, region) == case["string_to_sign"]
        key = signing_key(whole["secret_key"], date, region)
        assert key.hex() == case["signing_key_hex"]
        header = authorization(request, region, whole["access_key"], whole["secret_key"])
        assert header == case["authorization"]


def test_the_date_is_in_utc_whatever_the_clock_says() -> None:
    moment = datetime(2026, 1, 1, 22, 4, 5, tzinfo=timezone(timedelta(hours=-5)))
    assert osc_date(moment) == "20260102T030405Z" == osc_date(moment.astimezone(UTC))


def verified(method: str, path: str, headers: Any, body: bytes) -> bool:
    """Whether a server that knows the secret accepts a request: written from the scheme's text alone."""
    scheme, _, rest = headers["authorization"].partition(" ")
    fields = dict(part.strip().split("=", 1) for part in rest.split(","))
    _, day, region, service, end = fields["Credential"].split("/")
    names = fields["SignedHeaders"].split(";")
    assert names == sorted(names)
    assert {"content-type", "host", "x-osc-date"} <= set(names)
    lines = [method, path, ""] + [f"{name}:{headers[name].strip()}" for name in names]
    lines += ["", fields["SignedHeaders"], hashlib.sha256(body).hexdigest()]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    text = "\n".join([scheme, headers["x-osc-date"], f"{day}/{region}/{service}/{end}", digest])
    key = b"OSC4" + SECRET_KEY.encode()
    for part in (day, region, service, end, text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    assert headers["x-osc-date"].startswith(day)
    return hmac.compare_digest(key.hex(), fields["Signature"])


@pytest.mark.parametrize(
    "endpoint",
    ["https://api.eu-west-2.outscale.com/api/v1", "http://127.0.0.1:8443/api/v1",
     "https://outscale.com/oapi/latest"],
)  # fmt: skip
async def test_what_is_sent_is_what_was_signed(endpoint: str) -> None:
    api = Api([reply(Vms=[])])
    async with api.client(endpoint=endpoint) as client:
        await client.call("CreateTags", ResourceIds=["i-1"], Tags=[{"Key": "é 日本", "Value": ""}])
    (request,) = api.requests
    path = request.url.raw_path.decode()
    assert path == endpoint.split("/", 3)[3].join(["/", "/CreateTags"])
    assert verified("POST", path, request.headers, request.content)
    assert not verified("POST", path, request.headers, request.content + b" ")
    assert ACCESS_KEY in request.headers["authorization"]
    assert SECRET_KEY not in str(request.headers)
