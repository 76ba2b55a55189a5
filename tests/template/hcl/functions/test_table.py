"""The table has Packer's functions, all of them and no others."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from oxtui.template.hcl.functions.json_text import quoted
from oxtui.template.hcl.functions.table import function_table
from oxtui.template.values import is_known, is_sensitive, to_python
from tests.shared import shared
from tests.template.hcl.evaluation import evaluate


def test_the_names_are_packers() -> None:
    lists = json.loads(shared("cases/hcl/function-lists.json").read_text())
    wanted = set(lists["shared"]) | set(lists["packer_only"])
    assert set(function_table(Path())) == wanted


def test_every_function_refuses_wrong_counts_of_arguments_without_raising() -> None:
    for name in function_table(Path()):
        for count in (0, 1, 7):
            arguments = ", ".join(["[]"] * count)
            outcome = evaluate(f"{name}({arguments})", Path())
            assert outcome.value is not None or outcome.problem is not None


ODD = ("null", "-1", '""', "[null]", "{}", "1e300", '"\\u0000"', "[[[]]]", "1/0", "true")


@pytest.mark.parametrize("argument", ODD)
def test_every_function_answers_odd_arguments_with_a_value_or_a_message(argument: str) -> None:
    for name in function_table(Path()):
        for count in (1, 2, 3):
            outcome = evaluate(f"{name}({', '.join([argument] * count)})", Path())
            assert outcome.value is not None or outcome.problem is not None


def test_remote_secrets_are_unknown_and_sensitive_while_reading() -> None:
    for call in ('vault("a", "b")', 'consul_key("a")', 'aws_secretsmanager("a", "b")'):
        outcome = evaluate(call, Path())
        assert outcome.value is not None
        assert not is_known(outcome.value)
        assert is_sensitive(outcome.value)


def test_legacy_times_are_those_of_the_start() -> None:
    started = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)
    table = function_table(Path(), started)
    isotime, strftime = table["legacy_isotime"], table["legacy_strftime"]
    assert to_python(isotime.implementation([])) == "2024-02-03T04:05:06Z"  # type: ignore[union-attr]
    assert to_python(strftime.implementation([])) == ""  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _pem(key: rsa.RSAPrivateKey, password: bytes | None = None) -> str:
    kind = NoEncryption() if password is None else BestAvailableEncryption(password)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, kind).decode()


def test_rsa_is_undone(key: rsa.RSAPrivateKey) -> None:
    secret = base64.b64encode(key.public_key().encrypt(b"hunter2", padding.PKCS1v15())).decode()
    outcome = evaluate(f"rsadecrypt({quoted(secret)}, {quoted(_pem(key))})", Path())
    assert outcome.value is not None
    assert to_python(outcome.value) == "hunter2"


def test_wrong_keys_and_texts_are_told_apart(key: rsa.RSAPrivateKey) -> None:
    pem, locked = _pem(key), _pem(key, b"pw")
    for secret, private, reason in (
        ("!", pem, "must be base64"),
        ("aGk=", "no key", "in PEM format"),
        ("aGk=", locked, "without a password"),
        ("aGk=", pem, "failed to decrypt"),
    ):
        outcome = evaluate(f"rsadecrypt({quoted(secret)}, {quoted(private)})", Path())
        assert reason in str(outcome.problem)
