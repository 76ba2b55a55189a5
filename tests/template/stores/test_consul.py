"""`consul_key` against a recorded protocol, as Consul's interface is documented.

No package of a registry has Consul's server, and its own source is not built by the tests.
"""

from __future__ import annotations

import base64
import ssl
from pathlib import Path

import pytest
import trustme

from oxtui.template.stores.consul import Consul
from oxtui.template.stores.errors import StoreError
from tests.template.stores.recorded import Reply, Request, recorded

TOKEN = "b1gs33cr3t"


def entry(value: bytes | None) -> Reply:
    """What Consul answers for a key: a list of one, with the value in base64, or null for an empty one."""
    encoded = None if value is None else base64.b64encode(value).decode()
    told = {"LockIndex": 0, "Key": "a/b", "Flags": 0, "Value": encoded, "CreateIndex": 1}
    return Reply(200, [told], {"X-Consul-Index": "1"})


def consul(request: Request) -> Reply:
    """A few keys, all of them for the holders of a token."""
    if request.headers["X-Consul-Token"] != TOKEN:
        return Reply(
            403, "Permission denied: token with AccessorID '…' lacks permission 'key:read'"
        )
    path = request.line.removeprefix("GET /v1/kv/").partition("?")[0]
    values = {"a/b": "välue".encode(), "empty": None, "bytes": b"\xff\xfe", "odd%3Fkey%20%23": b"1"}
    return entry(values[path]) if path in values else Reply(404, b"")


def read(address: str, key: str = "a/b", **more: str) -> str:
    """`consul_key(key)`."""
    environ = {"CONSUL_HTTP_ADDR": address, "CONSUL_HTTP_TOKEN": TOKEN}
    return Consul({**environ, **more}).read(key)


def test_a_key_is_read_however_the_server_is_named(tmp_path: Path) -> None:
    with recorded(consul) as server:
        bare = server.address.removeprefix("http://")
        for address in (server.address, bare, f"{server.address}/"):
            assert read(address) == "välue"
        assert read(server.address, "/a/b") == "välue"
        assert read(server.address, "odd?key #") == "1"
    with recorded(consul, socket=tmp_path / "s") as server:
        assert read(server.address) == "välue"


def test_what_is_sent(tmp_path: Path) -> None:
    with recorded(lambda _: entry(b"1")) as server:
        read(
            server.address,
            CONSUL_HTTP_AUTH="user:pass:word",
            CONSUL_NAMESPACE="n",
            CONSUL_PARTITION="p",
        )
        read(f"{server.address}/behind", CONSUL_HTTP_TOKEN="")
    first, second = server.requests
    assert first.line == "GET /v1/kv/a/b?ns=n&partition=p"
    assert first.headers["Authorization"] == "Basic " + base64.b64encode(b"user:pass:word").decode()
    assert second.line == "GET /behind/v1/kv/a/b"
    assert second.headers["X-Consul-Token"] is None
    assert second.headers["Authorization"] is None


def test_a_token_in_a_file_counts_first(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    with recorded(consul) as server:
        named = {"CONSUL_HTTP_TOKEN_FILE": str(file)}
        assert read(server.address, CONSUL_HTTP_TOKEN="other", **named) == "välue"
        file.write_text("\n")
        assert read(server.address, **named) == "välue"
        file.write_text("b1gs\n33cr3t")
        for content in ("b1gs\n33cr3t", None):
            if content is None:
                file.unlink()
            with pytest.raises(StoreError, match="CONSUL_HTTP_TOKEN_FILE") as caught:
                read(server.address, **named)
            assert "33cr3t" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("none", 'has no key "none"'),
        ("empty", 'has an empty value under "empty"'),
        ("bytes", 'has bytes under "bytes" that are no text'),
    ],
)
def test_a_key_without_a_text_is_told(key: str, said: str) -> None:
    with recorded(consul) as server, pytest.raises(StoreError) as caught:
        read(server.address, key)
    assert str(caught.value).startswith(f"Consul at {server.address} (CONSUL_HTTP_ADDR) {said}")


def test_a_token_that_may_not_is_told_and_not_shown() -> None:
    with recorded(consul) as server, pytest.raises(StoreError) as caught:
        read(server.address, CONSUL_HTTP_TOKEN="not-mine")
    assert 'refuses "a/b" (Permission denied: token' in str(caught.value)
    assert "CONSUL_HTTP_TOKEN or CONSUL_HTTP_TOKEN_FILE" in str(caught.value)
    assert "not-mine" not in str(caught.value)


def test_tls_is_asked_for_by_address_or_by_variable(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("consul.example").configure_cert(tls)
    trusted = {"CONSUL_CACERT": str(tmp_path / "ca.pem")}
    named = {**trusted, "CONSUL_TLS_SERVER_NAME": "consul.example:8501"}
    with recorded(consul, tls=tls) as server:
        bare = server.address.removeprefix("https://")
        assert read(server.address, **named) == "välue"
        assert read(bare, CONSUL_HTTP_SSL="true", **named) == "välue"
        assert read(f"http://{bare}", CONSUL_HTTP_SSL="1", **named) == "välue"
        assert read(server.address, CONSUL_HTTP_SSL_VERIFY="false") == "välue"
        for each in ({}, trusted, {"CONSUL_HTTP_SSL_VERIFY": "true"}):
            with pytest.raises(StoreError, match="its certificate is not trusted"):
                read(server.address, **each)
        with pytest.raises(StoreError, match="CONSUL_HTTP_SSL_VERIFY is neither true nor false"):
            read(server.address, CONSUL_HTTP_SSL_VERIFY="nope")


@pytest.mark.parametrize("reply", [Reply(500, "rpc error"), Reply(200, b"{"), Reply(200, [{}])])
def test_an_answer_that_is_none_of_consul_s(reply: Reply) -> None:
    with recorded(lambda _: reply) as server, pytest.raises(StoreError, match='"a/b"'):
        read(server.address)


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(StoreError, match="CONSUL_HTTP_ADDR begins with ftp://"):
        read("ftp://127.0.0.1")
