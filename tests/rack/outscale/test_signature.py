"""Who is let in: signatures that others made, and everything that is not quite one."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest

from oxtui.rack.outscale.errors import OapiError
from oxtui.rack.outscale.signature import SignedRequest, check
from tests.shared import shared

KEYS = {
    "access_key": "AKEXAMPLE0000000TEST",
    "secret_key": "SKEXAMPLE000000000000000000000000000TEST",
}
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def cases() -> list[dict[str, Any]]:
    """Requests that the official client signed at NOW with KEYS."""
    vectors = json.loads(shared("cases/outscale/signature-vectors.json").read_text())
    found: list[dict[str, Any]] = vectors["cases"]
    return found


def request_of(case: dict[str, Any]) -> SignedRequest:
    headers = {
        "host": case["host"],
        "content-type": case["content_type"],
        "x-osc-date": f"{NOW:%Y%m%dT%H%M%SZ}",
        "authorization": case["authorization"],
    }
    return SignedRequest("POST", case["path"], "", headers, case["body"].encode())


def changed(request: SignedRequest, **headers: str | None) -> SignedRequest:
    merged = {**request.headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
    kept = {name: text for name, text in merged.items() if text is not None}
    return dataclasses.replace(request, headers=kept)


def refusal(request: SignedRequest, **changes: Any) -> tuple[int, str]:
    with pytest.raises(OapiError) as caught:
        check(request, **{**KEYS, "region": "eu-west-2", "now": NOW, **changes})
    return caught.value.status, caught.value.code


def test_signatures_of_the_official_client_are_accepted() -> None:
    assert len(cases()) == 5
    for case in cases():
        check(request_of(case), **KEYS, region=case["region"], now=NOW)


def test_a_host_that_was_signed_without_its_port_is_accepted() -> None:
    bare = next(case for case in cases() if ":" not in case["host"])
    with_port = {**bare, "host": f"{bare['host']}:8443"}
    check(request_of(with_port), **KEYS, region=bare["region"], now=NOW)


def test_what_differs_from_what_was_signed_is_refused() -> None:
    request = request_of(cases()[0])
    other_key = {"access_key": "AK", "secret_key": KEYS["secret_key"]}
    assert refusal(dataclasses.replace(request, body=b"{ }")) == (401, "1")
    assert refusal(dataclasses.replace(request, path="/api/v1/DeleteVms")) == (401, "1")
    assert refusal(changed(request, host="api.example.com")) == (401, "1")
    assert refusal(changed(request, content_type="text/plain")) == (401, "1")
    assert refusal(request, secret_key="another") == (401, "1")
    assert refusal(request, **other_key) == (401, "1")
    assert refusal(request, region="us-east-2") == (401, "1")


def test_a_clock_that_is_too_far_away_is_refused_both_ways() -> None:
    request = request_of(cases()[0])
    for minutes in (-14, 14):
        check(request, **KEYS, region="eu-west-2", now=NOW + timedelta(minutes=minutes))
    for minutes in (-16, 16):
        assert refusal(request, now=NOW + timedelta(minutes=minutes)) == (401, "1")


@pytest.mark.parametrize(
    ("authorization", "refused"),
    [
        (None, (403, "10")),
        ("Basic b3BlcmF0b3I6c2VjcmV0", (401, "9")),
        ("Bearer x", (403, "8")),
        ("OSC4-HMAC-SHA256 Credential=x", (403, "8")),
    ],
)
def test_other_authorizations_are_told_apart(
    authorization: str | None, refused: tuple[int, str]
) -> None:
    request = changed(request_of(cases()[0]), authorization=authorization)
    assert refusal(request) == refused


def test_host_and_date_must_be_signed_and_sent() -> None:
    request = request_of(cases()[0])
    unsigned = request.headers["authorization"].replace("host;", "")
    assert refusal(changed(request, authorization=unsigned)) == (403, "8")
    assert refusal(changed(request, x_osc_date=None)) == (403, "8")


def test_the_other_scheme_is_accepted_as_another_library_signs_it() -> None:
    credentials = botocore.credentials.Credentials(KEYS["access_key"], KEYS["secret_key"])
    url = "http://127.0.0.1:8123/api/v1/ReadVms"
    sent = botocore.awsrequest.AWSRequest(
        "POST", url, headers={"Content-Type": "application/json"}, data=b"{}"
    )
    botocore.auth.SigV4Auth(credentials, "api", "eu-west-2").add_auth(sent)
    headers = {name.lower(): str(value) for name, value in sent.headers.items()}
    request = SignedRequest(
        "POST", "/api/v1/ReadVms", "", {"host": "127.0.0.1:8123", **headers}, b"{}"
    )
    now = datetime.now(UTC)
    check(request, **KEYS, region="eu-west-2", now=now)
    assert refusal(dataclasses.replace(request, body=b""), now=now) == (401, "1")
