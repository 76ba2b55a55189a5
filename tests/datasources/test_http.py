"""The http data source against a real server, by itself and in templates."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import trustme
from pydantic import ValidationError

from oxtui.component.protocols import Connector
from oxtui.datasources.http import HttpDataSource, source
from oxtui.datasources.http.options import HttpOptions, shown
from oxtui.template.resolve import DataSourceError
from tests.oxide.wire import Drop, Hang, Reply, Request, Wire, wire
from tests.sessions import rackless

TEXT = {"content-type": "text/plain; charset=utf-8"}


def asking(url: str, **more: Any) -> HttpDataSource:
    """A data source that asks for it."""
    return HttpDataSource(HttpOptions(url=url, **more), cast("Connector", SimpleNamespace()))


async def refused(url: str, **more: Any) -> str:
    """What is told of a question without an answer."""
    with pytest.raises(DataSourceError) as told:
        await asking(url, **more).read()
    return str(told.value)


async def test_the_answer_s_body_and_headers_are_the_outputs() -> None:
    sent = {**TEXT, "x-one-TWO": "1"}
    async with wire(lambda request: Reply("höre".encode(), headers=sent)) as server:
        asked = asking(
            f"{server.host}/p?q=1", method="POST", request_body='{"a": 1}',
            request_headers={"X-Ä".replace("Ä", "A"): "ü", "Accept": "text/*"},
        )  # fmt: skip
        found = await asked.read()
        (request,) = server.requests
    assert found == {
        "url": f"{server.host}/p?q=1",
        "body": "höre",
        "request_headers": {
            "Content-Type": "text/plain; charset=utf-8", "Content-Length": "5", "X-One-Two": "1",
        },
    }  # fmt: skip
    assert asked.warnings == ()
    assert (request.method, request.body, request.params) == ("POST", b'{"a": 1}', {"q": "1"})
    assert request.headers["accept"] == "text/*"
    assert "content-type" not in request.headers


async def test_what_was_packed_for_the_way_is_unpacked_unless_it_was_asked_for() -> None:
    packed = gzip.compress(b"text")
    reply = Reply(packed, headers={**TEXT, "content-encoding": "gzip"})
    async with wire(lambda request: reply) as server:
        found = await asking(server.host).read()
        assert found["body"] == "text"
        assert list(found["request_headers"]) == ["Content-Type"]
        asked = asking(server.host, request_headers={"accept-encoding": "gzip"})
        found = await asked.read()
        assert found["request_headers"]["Content-Encoding"] == "gzip"
        assert "\N{REPLACEMENT CHARACTER}" in found["body"]
        assert "U+FFFD" in asked.warnings[-1]


@pytest.mark.parametrize(
    ("content_type", "odd"),
    [
        ("text/html", False),
        ("application/json", False),
        ("application/samlmetadata+xml", False),
        ("TEXT/x; charset=US-ASCII", False),
        ("text/plain; charset=latin1", True),
        ("application/octet-stream", True),
        ("", True),
    ],
)
async def test_what_says_to_be_no_text_is_read_with_a_warning(content_type: str, odd: bool) -> None:
    async with wire(lambda request: Reply(b"x", headers={"content-type": content_type})) as server:
        asked = asking(server.host)
        assert (await asked.read())["body"] == "x"
    assert bool(asked.warnings) is odd


async def test_an_answer_that_is_no_success_is_told_without_a_secret() -> None:
    async with wire(lambda request: Reply(b"no", status=404)) as server:
        url = server.host.replace("//", "//me:hunter2@") + "/a?token=hunter3"
        told = await refused(url)
        assert told.startswith(f"{server.host}/a answers 404 Not Found. Correct url")
        assert server.requests[0].headers["authorization"].startswith("Basic ")
    assert "hunter" not in told


async def test_redirects_are_followed_and_secrets_stay_with_their_host() -> None:
    async with wire(lambda request: Reply(b"there", headers=TEXT)) as other:

        def answer(request: Request) -> Reply:
            to = {"/a": "/b", "/b": f"{other.host}/c", "/loop": "/loop"}
            return Reply(None, 307, {"location": to[request.path]})

        async with wire(answer) as server:
            secrets = {"X-Api-Key": "k", "Authorization": "Bearer t", "X-Author": "me"}
            found = await asking(
                f"{server.host}/a", method="PUT", request_headers=secrets, request_body="sent"
            ).read()
            assert found["body"] == "there"
            assert found["url"] == f"{server.host}/a"
            assert server.lines() == ["PUT /a", "PUT /b"]
            assert server.requests[1].headers["x-api-key"] == "k"
            told = await refused(f"{server.host}/loop")
            assert told == f"{server.host}/loop sends us on more than 10 times."
        (request,) = other.requests
        assert request.body == b"sent"
        assert request.headers["x-author"] == "me"
        assert not {"x-api-key", "authorization"} & set(request.headers)


async def test_what_goes_wrong_on_the_way_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {
        "/drop": Drop(),
        "/cut": Reply(b"x" * 100, cut=10),
        "/ftp": Reply(None, 302, {"location": "ftp://elsewhere/"}),
        "/large": Reply(b"x" * 20, headers=TEXT),
        "/hang": Hang(),
    }
    monkeypatch.setattr(source, "LARGEST", 10)
    monkeypatch.setattr(source, "SILENCE", 0.01)
    async with wire(lambda request: answers[request.path]) as server:
        for path, told in {
            "/drop": "cannot be asked: ",
            "/cut": "cannot be asked: ",
            "/ftp": "sends us on to an address that is not http or https",
            "/large": "answers with more than 0 MiB",
            "/hang": "says nothing for 0.01 seconds",
        }.items():
            assert (await refused(server.host + path)).startswith(f"{server.host}{path} {told}")
        host = server.host
    for gone in (host, host.replace("127.0.0.1", "localhost")):
        assert await refused(gone) == f"{gone} cannot be asked: connection refused."


async def test_a_certificate_that_nobody_trusts_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    async with wire(lambda request: Reply(b"safe", headers=TEXT), ssl=context) as server:
        assert "its certificate is not trusted (" in await refused(server.host)
        # As Go's programs do, it trusts what this variable names.
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert (await asking(server.host).read())["body"] == "safe"


async def test_a_cancelled_question_lets_go_of_the_server() -> None:
    came = asyncio.Event()

    def answer(request: Request) -> Hang:
        came.set()
        return Hang()

    async with wire(answer) as server:  # which ends when its clients have gone
        task = asyncio.create_task(asking(server.host).read())
        await came.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"url": ""}, "it is no address"),
        ({"url": "ftp://x"}, "it is no address"),
        ({"url": "http://"}, "it is no address"),
        ({"url": "http://[x"}, "it is no address"),
        ({"url": "http://x:99999"}, "it is no address"),
        ({"url": "http://x", "method": "get"}, "HEAD"),
        ({"url": "http://x", "request_headers": {"a b": "c"}}, '"a b" is no name'),
        ({"url": "http://x", "request_headers": {"a": "c\nd"}}, "has a line end"),
    ],
)
def test_what_cannot_be_asked_is_told_before(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        HttpOptions(**given)


def test_secrets_are_known_and_an_address_is_shown_without_them() -> None:
    url = "https://me:p%40ss@host:1/a?token=tok&page=two#x?y"
    headers = {
        "Authorization": "Basic bWU6aHVudGVyMg==", "Accept": "text/plain", "X-Vault-Token": "vt",
    }  # fmt: skip
    assert HttpOptions.hidden({"url": url, "request_headers": headers}) == [
        *("Basic bWU6aHVudGVyMg==", "bWU6aHVudGVyMg==", "hunter2", "vt", "p%40ss", "p@ss", "tok"),
    ]
    assert HttpOptions.hidden({"url": "http://a:b@[:x/", "request_headers": ["c"]}) == ["b"]
    assert HttpOptions.hidden({"url": 1, "request_headers": {"token": None}}) == []
    assert shown(url) == "https://host:1/a"
    assert HttpOptions(url="http://x", method="").method == "GET"


def template(server: Wire) -> str:
    """A build whose command is what a server says."""
    return (
        f'data "http" "x" {{\n  url = "{server.host}/v"\n'
        '  request_headers = { Authorization = "Bearer sesame99" }\n}\n'
        'data "null" "y" {\n  input = "${data.http.x.body}!"\n}\n'
        'source "null" "n" {\n  communicator = "none"\n}\n'
        'build {\n  sources = ["null.n"]\n  provisioner "shell-local" {\n'
        '    inline = ["echo ${data.null.y.output} ${data.http.x.request_headers["X-A"]} sesame99"]\n'
        "  }\n}\n"
    )


async def test_a_template_builds_with_it_and_its_token_is_hidden(tmp_path: Path) -> None:
    reply = Reply(b"1.2", headers={"content-type": "application/x", "x-a": "b"})
    async with wire(lambda request: reply) as server, rackless(tmp_path) as there:
        planning = await there.plan(template(server))
        (odd,) = planning.diagnostics
        assert not odd.is_error
        assert 'is of the type "application/x"' in str(odd)
        assert server.requests[0].headers["authorization"] == "Bearer sesame99"
        assert (await there.run(template(server))).status == "succeeded"
        assert "1.2! b <sensitive>" in there.log("provision-1")
        assert "sesame99" not in there.log("provision-1")


async def test_what_is_secret_is_hidden_also_where_it_is_wrong(tmp_path: Path) -> None:
    text = 'data "http" "x" {\n  url = "http://a:pass99@[/"\n'
    text += '  request_headers = { "X-Token" = "sesame99\\n" }\n}\n'
    async with rackless(tmp_path) as there:
        planning = await there.plan(text)
        assert planning.has_errors
        assert "sesame99" not in there.environment.redactor.text("a sesame99 b")
        assert "pass99" not in there.environment.redactor.text(text)


async def test_a_template_without_an_answer_has_an_error_at_its_place(tmp_path: Path) -> None:
    async with wire(lambda request: Reply(b"", 500)) as server, rackless(tmp_path) as there:
        planning = await there.plan(template(server))
        (problem,) = planning.diagnostics
        assert problem.summary == "Data source http.x failed"
        assert f"{server.host}/v answers 500 Internal Server Error." in str(problem)
        assert planning.plan is None
