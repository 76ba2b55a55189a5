"""What a development server does not do: a recorded protocol, as Vault's interface is documented."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from oxtui.template.stores.errors import StoreError
from oxtui.template.stores.vault import Vault
from tests.template.stores.recorded import Held, Reply, recorded

FOUND = Reply(content={"data": {"key": "the value"}})


def read(address: str, pauses: list[float] | None = None, **more: str) -> str:
    """`vault("old/path", "key")`."""
    environ = {"VAULT_ADDR": address, "VAULT_TOKEN": "s.token", **more}
    return Vault(environ, ([] if pauses is None else pauses).append).read("old/path", "key")


def test_what_is_sent() -> None:
    with recorded(lambda _: FOUND) as server:
        assert read(server.address, VAULT_NAMESPACE="a/b") == "the value"
        assert read(f"{server.address}/behind/", VAULT_AGENT_ADDR="") == "the value"
    (first, second) = server.requests
    assert (first.line, second.line) == ("GET /v1/old/path", "GET /behind/v1/old/path")
    assert first.headers["X-Vault-Token"] == "s.token"
    assert first.headers["X-Vault-Namespace"] == "a/b"
    assert first.headers["X-Vault-Request"] == "true"
    assert second.headers["X-Vault-Namespace"] is None


def test_an_agent_is_asked_before_the_server_itself() -> None:
    with recorded(lambda _: FOUND) as server:
        assert read("http://nowhere.example", VAULT_AGENT_ADDR=server.address) == "the value"


def test_a_server_that_is_sealed_is_asked_again() -> None:
    replies = iter([Reply(503, {"errors": ["Vault is sealed"]}), Reply(500, {}), FOUND])
    pauses: list[float] = []
    with recorded(lambda _: next(replies)) as server:
        assert read(server.address, pauses) == "the value"
    assert pauses == [1, 2]


@pytest.mark.parametrize(("tries", "asked"), [("0", 1), ("", 3), ("4", 5)])
def test_it_is_not_asked_for_ever(tries: str, asked: int) -> None:
    with (
        recorded(lambda _: Reply(503, {"errors": ["Vault is sealed"]})) as server,
        pytest.raises(StoreError, match='answers "old/path" with status 503: Vault is sealed'),
    ):
        read(server.address, VAULT_MAX_RETRIES=tries)
    assert len(server.requests) == asked


def test_a_standby_sends_on_to_the_active_server() -> None:
    with recorded(lambda _: FOUND) as active:
        moved = Reply(307, headers={"Location": f"{active.address}/v1/old/path"})
        with recorded(lambda _: moved) as standby:
            assert read(standby.address) == "the value"
    assert active.requests[0].headers["X-Vault-Token"] == "s.token"


def test_nobody_is_sent_round_in_circles_or_out_of_tls(tmp_path: Path) -> None:
    with recorded(lambda request: Reply(307, headers={"Location": request.line[4:]})) as server:
        with pytest.raises(StoreError, match="it sends us on more than once"):
            read(server.address)
        assert len(server.requests) == 2
        with (
            recorded(
                lambda _: Reply(307, headers={"Location": f"{server.address}/v1/old/path"}),
                tls=secure(trustme.CA(), tmp_path),
            ) as first,
            pytest.raises(StoreError, match="sends us on to an address without TLS"),
        ):
            read(first.address, VAULT_SKIP_VERIFY="1")
    assert len(server.requests) == 2


def test_a_client_shows_its_certificate(tmp_path: Path) -> None:
    authority = trustme.CA()
    tls = secure(authority, tmp_path)
    authority.configure_trust(tls)
    tls.verify_mode = ssl.CERT_REQUIRED
    certificate = authority.issue_cert("operator@example.org")
    mine, key = tmp_path / "mine.pem", tmp_path / "mine.key"
    certificate.cert_chain_pems[0].write_to_path(mine)
    certificate.private_key_pem.write_to_path(key)
    trusted = {"VAULT_CACERT": str(tmp_path / "ca.pem"), "VAULT_MAX_RETRIES": "0"}
    both = {"VAULT_CLIENT_CERT": str(mine), "VAULT_CLIENT_KEY": str(key)}
    with recorded(lambda _: FOUND, tls=tls) as server:
        assert read(server.address, **trusted, **both) == "the value"
        with pytest.raises(StoreError):
            read(server.address, **trusted)
        with pytest.raises(StoreError, match="VAULT_CLIENT_CERT is set, but not VAULT_CLIENT_KEY"):
            read(server.address, **trusted, VAULT_CLIENT_CERT=str(mine))
        with pytest.raises(StoreError, match="VAULT_CLIENT_KEY is set, but not VAULT_CLIENT_CERT"):
            read(server.address, **trusted, VAULT_CLIENT_KEY=str(key))
        key.write_text("no key")
        with pytest.raises(StoreError, match="cannot be used: it is not in PEM format"):
            read(server.address, **trusted, **both)
        with pytest.raises(StoreError, match=r"VAULT_CACERT: .*gone cannot be read .*no such file"):
            read(server.address, VAULT_CACERT=str(tmp_path / "gone"))
    assert len(server.requests) == 1


def test_a_socket_of_this_machine(tmp_path: Path) -> None:
    with recorded(lambda _: FOUND, socket=tmp_path / "s") as server:
        assert read(server.address) == "the value"


def test_a_server_that_says_nothing_has_so_long() -> None:
    held = Held(lambda _: FOUND)
    with recorded(held) as server:
        with pytest.raises(StoreError, match=r"no answer within 0\.05 seconds"):
            read(server.address, VAULT_CLIENT_TIMEOUT="50ms", VAULT_MAX_RETRIES="0")
        held.answers.set()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("VAULT_TOKEN", "", "VAULT_TOKEN is not set in the environment"),
        ("VAULT_TOKEN", "s.secret\n", "the text of VAULT_TOKEN has a blank"),
        ("VAULT_NAMESPACE", "s.secret\x7f", "the text of VAULT_NAMESPACE has a blank"),
        ("VAULT_SKIP_VERIFY", "s.secret", "VAULT_SKIP_VERIFY is neither true nor false"),
        ("VAULT_CLIENT_TIMEOUT", "s.secret", "VAULT_CLIENT_TIMEOUT is not a time"),
        ("VAULT_CLIENT_TIMEOUT", "-5s", "VAULT_CLIENT_TIMEOUT is less than no time"),
        ("VAULT_MAX_RETRIES", "-1", "VAULT_MAX_RETRIES is not a whole number"),
        ("VAULT_ADDR", "ftp://u:s.secret@h", "Vault at ftp://h cannot be asked"),
        ("VAULT_ADDR", "http://u:s.secret@h:x", "cannot be asked: its address"),
        ("VAULT_ADDR", "vault.example:8200", "does not begin with http:// or https://"),
        ("VAULT_PROXY_ADDR", "ftp://u:s.secret@h", "or that of a proxy, is none"),
        ("VAULT_CAPATH", "/dev/null/x", "VAULT_CAPATH: /dev/null/x cannot be read"),
    ],
)
def test_a_variable_that_has_no_sense_is_named(variable: str, value: str, said: str) -> None:
    environ = {"VAULT_ADDR": "https://127.0.0.1:9", "VAULT_TOKEN": "s.token", variable: value}
    with pytest.raises(StoreError) as caught:
        Vault(environ, pytest.fail).read("old/path", "key")
    assert said in str(caught.value)
    assert "s.secret" not in str(caught.value)


def test_an_answer_that_is_none_of_vault_s() -> None:
    for content in (b"<html>", b"[]", b'{"data": 5}', b'{"data": {"data": []}}', b"\xff"):
        reply = Reply(200, content)
        with (
            recorded(lambda _, reply=reply: reply) as server,
            pytest.raises(StoreError, match="old/path"),
        ):  # type: ignore[misc]
            read(server.address)


def test_an_answer_that_does_not_end_is_not_read_to_its_end() -> None:
    with (
        recorded(lambda _: Reply(200, b"x" * (9 << 20))) as server,
        pytest.raises(StoreError, match="more than 8 MiB"),
    ):
        read(server.address)


def test_the_token_is_hidden_even_if_the_server_tells_it() -> None:
    with (
        recorded(lambda _: Reply(403, {"errors": ["bad token s.token"]})) as server,
        pytest.raises(StoreError, match=r"bad token \*\*\*"),
    ):
        read(server.address)


def secure(authority: trustme.CA, folder: Path) -> ssl.SSLContext:
    """The TLS of a server at 127.0.0.1; the authority's certificate is then in `ca.pem`."""
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context
