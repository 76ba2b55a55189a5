"""`vault` against a real server: OpenBao's, which is a fork of Vault with the same interface."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from oxtui.template.stores.errors import StoreError
from oxtui.template.stores.vault import Vault
from tests.template.stores.openbao import Bao, bao


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bao]:
    """A server with secrets of both versions, and a namespace with one of its own."""
    with bao(tmp_path_factory.mktemp("bao")) as started:
        started.write("secret/data/hello", {"data": {"foo": "world", "empty": "", "count": 5}})
        started.write("secret/data/gone", {"data": {"foo": "world"}})
        started.client.delete("/v1/secret/data/gone").raise_for_status()
        version_1 = {"type": "kv", "options": {"version": "1"}}
        started.write("sys/mounts/old", version_1)
        started.write("old/hello", {"foo": "first", "data": "of version 1"})
        started.write("sys/namespaces/team", {})
        started.write("sys/mounts/old", version_1, X_Vault_Namespace="team")
        started.write("old/hello", {"foo": "the team's"}, X_Vault_Namespace="team")
        yield started


def failure(vault: Vault, path: str, key: str) -> str:
    """The error's text."""
    with pytest.raises(StoreError) as caught:
        vault.read(path, key)
    return str(caught.value)


def test_both_versions_are_read(server: Bao) -> None:
    vault = Vault(server.environ())
    assert vault.read("secret/data/hello", "foo") == "world"
    assert vault.read("/secret/data/hello", "foo") == "world"
    assert vault.read("secret/data/hello", "empty") == ""
    assert vault.read("old/hello", "foo") == "first"
    assert vault.read("old/hello", "data") == "of version 1"


def test_a_namespace_has_secrets_of_its_own(server: Bao) -> None:
    assert Vault(server.environ(VAULT_NAMESPACE="team")).read("old/hello", "foo") == "the team's"


@pytest.mark.parametrize(
    ("path", "key", "said"),
    [
        ("secret/data/none", "foo", 'has nothing at "secret/data/none"'),
        ("secret/hello", "foo", 'the path is "secret/data/hello"'),
        (
            "secret/data/hello",
            "fo",
            'has no key "fo" at "secret/data/hello": it has count, empty, foo',
        ),
        (
            "secret/data/hello",
            "count",
            'has no text under "count" at "secret/data/hello", but a number',
        ),
        ("secret/data/gone", "foo", 'has only a deleted version of "secret/data/gone"'),
        ("old/none", "foo", 'has nothing at "old/none"'),
        ("old/hello", "fo", 'has no key "fo" at "old/hello": it has data, foo'),
        ("nowhere/at/all", "foo", "no handler for route"),
        ("secret/data/a?b#c", "foo", 'has nothing at "secret/data/a?b#c"'),
    ],
)
def test_what_is_missing_is_named_with_its_address(
    server: Bao, path: str, key: str, said: str
) -> None:
    text = failure(Vault(server.environ()), path, key)
    assert said in text
    assert text.startswith(f"Vault at {server.address} (VAULT_ADDR) ")
    assert "world" not in text


def test_a_token_that_may_not_is_told_and_not_shown(server: Bao) -> None:
    text = failure(Vault(server.environ(VAULT_TOKEN="s.not-mine")), "secret/data/hello", "foo")
    assert (
        'refuses "secret/data/hello": permission denied; see what the token of VAULT_TOKEN' in text
    )
    assert "not-mine" not in text


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bao]:
    """A server with a certificate of its own authority."""
    with bao(tmp_path_factory.mktemp("tls"), tls=True) as started:
        started.write("secret/data/hello", {"data": {"foo": "world"}})
        yield started


def test_its_authority_is_a_file_or_in_a_folder(secure: Bao, tmp_path: Path) -> None:
    shutil.copy(secure.authority, tmp_path / "one.pem")
    trusting = (
        {"VAULT_CACERT": str(secure.authority)},
        {"VAULT_CAPATH": str(tmp_path)},
        {"VAULT_CACERT": str(secure.authority), "VAULT_TLS_SERVER_NAME": "localhost"},
        {"VAULT_SKIP_VERIFY": "true"},
    )
    for each in trusting:
        assert Vault(secure.environ(**each)).read("secret/data/hello", "foo") == "world"


def test_a_certificate_of_others_is_not_trusted(secure: Bao) -> None:
    other = {"VAULT_CACERT": str(secure.authority), "VAULT_TLS_SERVER_NAME": "elsewhere.example"}
    for each in ({}, {"VAULT_SKIP_VERIFY": "0"}, other):
        text = failure(Vault(secure.environ(**each), pause=never), "secret/data/hello", "foo")
        assert "its certificate is not trusted" in text


def never(seconds: float) -> None:
    """Fails: nothing is to be tried again."""
    pytest.fail(f"waits {seconds} s for another try")
