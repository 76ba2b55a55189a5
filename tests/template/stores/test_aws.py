"""`aws_secretsmanager` through botocore, against a recorded protocol: AWS has no server of its own to run.

The server answers GetSecretValue as its reference describes it, to who signs with the known key alone.
"""

from __future__ import annotations

import builtins
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oxtui.template.stores import Stores
from oxtui.template.stores.aws import value_of
from oxtui.template.stores.errors import StoreError
from tests.template.stores.recorded import Recorded, Reply, Request, recorded

KEY = "AKIDEXAMPLE"
SECRETS = {
    "plain": "just text",
    "one": '{"password": "hunter22"}',
    "more": '{"user": "root", "port": 5432, "half": 2.5, "on": true, "no": null}',
    "list": '["a"]',
}
_SIGNED = re.compile(
    rf"AWS4-HMAC-SHA256 Credential={KEY}/\d{{8}}/eu-central-2/secretsmanager/aws4_request, "
    r"SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*x-amz-target[a-z0-9;-]*, Signature=[0-9a-f]{64}"
)


def aws(request: Request) -> Reply:
    """What Secrets Manager answers."""
    if not _SIGNED.fullmatch(request.headers["Authorization"] or ""):
        return error("UnrecognizedClientException", "The security token is invalid.")
    assert request.headers["X-Amz-Target"] == "secretsmanager.GetSecretValue"
    asked = json.loads(request.body)
    assert asked["VersionStage"] == "AWSCURRENT"
    name = asked["SecretId"]
    told: dict[str, Any] = {
        "ARN": f"arn:aws:…:{name}",
        "Name": name,
        "VersionStages": ["AWSCURRENT"],
    }
    if name == "bytes":
        return Reply(200, {**told, "SecretBinary": "AAEC"})
    if name not in SECRETS:
        return error(
            "ResourceNotFoundException", "Secrets Manager can't find the specified secret."
        )
    return Reply(200, {**told, "SecretString": SECRETS[name]})


def error(kind: str, message: str) -> Reply:
    """A refusal."""
    return Reply(400, {"__type": kind, "Message": message})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Recorded]:
    """The server, and an environment whose credentials it takes; that of the machine does not count."""
    with recorded(aws) as started:
        for name, value in {
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": started.address,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
        }.items():
            monkeypatch.setenv(name, value)
        yield started


REGION = {"AWS_REGION": "eu-central-2"}


def test_a_secret_is_read_by_key_or_whole(server: Recorded) -> None:
    hidden: set[str] = set()
    stores = Stores(REGION, hidden.add)
    assert stores.aws_secretsmanager("more", "user") == "root"
    assert stores.aws_secretsmanager("more", "port") == "5432"
    assert stores.aws_secretsmanager("one") == "hunter22"
    assert stores.aws_secretsmanager("plain", "whatever") == "just text"
    assert stores.aws_secretsmanager_raw("more") == SECRETS["more"]
    assert len(server.requests) == 3  # one for each secret, whatever is taken of it
    assert {"root", "5432", "hunter22", "just text", SECRETS["more"]} <= hidden


def test_what_fails_is_told(server: Recorded) -> None:
    stores = Stores(REGION)
    for name, said in {
        "none": f'AWS Secrets Manager at {server.address} does not give "none": Secrets Manager can',
        "bytes": "has bytes, not text",
        "": "the name of the secret is empty",
    }.items():
        with pytest.raises(StoreError, match=re.escape(said)):
            stores.aws_secretsmanager_raw(name)


def test_another_s_key_is_refused(server: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOTHER")
    with pytest.raises(StoreError, match=r"invalid\. \(UnrecognizedClientException\)") as caught:
        Stores(REGION).aws_secretsmanager("one")
    assert "wJalrXUtnFEMI" not in str(caught.value)


def test_a_profile_has_credentials_and_a_region(
    server: Recorded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_PROFILE", "images")
    (tmp_path / "config").write_text("[profile images]\nregion = eu-central-2\n")
    (tmp_path / "credentials").write_text(
        f"[images]\naws_access_key_id = {KEY}\naws_secret_access_key = x\n"
    )
    assert Stores({}).aws_secretsmanager("one") == "hunter22"
    (tmp_path / "credentials").write_text("[other]\n")
    with pytest.raises(StoreError, match="there are no credentials; set AWS_ACCESS_KEY_ID"):
        Stores({}).aws_secretsmanager("one")


def test_without_a_region_the_variable_is_named(server: Recorded) -> None:
    with pytest.raises(StoreError, match="no region is set; say it in AWS_REGION"):
        Stores({}).aws_secretsmanager("one")


def test_without_botocore_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("botocore"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StoreError, match=re.escape('pip install "oxtui[aws]"')):
        Stores(REGION).aws_secretsmanager("one")


@pytest.mark.parametrize(
    ("secret", "key", "value"),
    [
        ("plain", "", "just text"),
        (
            "more",
            "half",
            "2",
        ),  # Packer's: to the even whole number, which loses what is behind the point
        ("one", "", "hunter22"),
    ],
)
def test_values(secret: str, key: str, value: str) -> None:
    assert value_of(secret, SECRETS[secret], key) == value


@pytest.mark.parametrize(
    ("text", "value"), [("NaN", "NaN"), ('{"a": NaN}', '{"a": NaN}'), ("{", "{"), ("", "")]
)
def test_what_is_not_json_is_a_text(text: str, value: str) -> None:
    assert value_of("s", text, "a") == value


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (SECRETS["more"], "", "has 5 keys; say which one you mean"),
        (SECRETS["more"], "pass", 'has no key "pass"'),
        (SECRETS["more"], "on", 'has neither text nor a number under "on"'),
        (SECRETS["more"], "no", 'has nothing under "no"'),
        (SECRETS["list"], "a", 'is JSON without keys; aws_secretsmanager_raw("s") gives its text'),
        ("12345", "", "is JSON without keys"),
        ("null", "a", 'has no key "a"'),
        ("{}", "", "has nothing under"),
        ('{"a": 1e999}', "a", "has neither text nor a number"),
    ],
)
def test_keys_that_give_nothing(text: str, key: str, said: str) -> None:
    with pytest.raises(StoreError, match=re.escape(said)):
        value_of("s", text, key)
