"""Reads are repeated when that may help, and end with a sentence when it does not."""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import (
    CredentialsError,
    OxideError,
    ServiceUnavailable,
    TransportError,
    Unauthorized,
    UnreadableReply,
)
from oxtui.oxide.timing import Kind, Timing
from tests.oxide import samples
from tests.oxide.rig import SECRET, Naps, client, connection
from tests.oxide.samples import IMAGE_ID
from tests.oxide.wire import Answer, Drop, Hang, Reply, refusal, wire

BUSY = refusal(503, "ServiceNotAvailable", "Service Unavailable")


@pytest.mark.parametrize(
    "first", [Drop(), BUSY, Reply(samples.image(), cut=10), Reply(b"<html>", 502)]
)
async def test_a_passing_failure_is_not_noticed(first: Answer) -> None:
    answers = [first, Reply(samples.image())]
    async with wire(lambda _: answers.pop(0)) as rack, client(rack.host) as oxide:
        assert (await oxide.images.view(IMAGE_ID)).name == "ubuntu"
    assert len(rack.requests) == 2


async def test_pauses_grow_and_end() -> None:
    naps = Naps()
    async with wire(lambda _: BUSY) as rack, client(rack.host, naps=naps) as oxide:
        with pytest.raises(ServiceUnavailable, match="try again in a minute"):
            await oxide.session.me()
    assert naps.seconds == [0.25, 0.5, 1, 2]
    assert len(rack.requests) == 5


async def test_a_rack_that_does_not_answer_is_not_waited_for_five_times() -> None:
    async with wire(lambda _: Hang()) as rack, client(rack.host, patience=0.2) as oxide:
        with pytest.raises(TransportError, match=r"no answer from http://.* within 0\.2 s"):
            await oxide.session.me()
    assert len(rack.requests) == 2


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"<html>welcome"), "Invalid JSON"),
        (Reply({"items": []}), "id: Field required"),
        (Reply({**samples.image(), "size": "big"}), "size: Input should be a valid integer"),
    ],
)
async def test_an_answer_of_something_else_asks_whether_it_is_a_rack(
    reply: Reply, words: str
) -> None:
    async with wire(lambda _: reply) as rack, client(rack.host) as oxide:
        with pytest.raises(UnreadableReply, match=rf"{words}.*Is it an Oxide rack\?"):
            await oxide.images.view(IMAGE_ID)
    assert len(rack.requests) == 1


async def test_an_answer_in_a_broken_encoding_is_not_understood() -> None:
    reply = Reply(b"not gzip", headers={"content-encoding": "gzip"})
    async with wire(lambda _: reply) as rack, client(rack.host) as oxide:
        with pytest.raises(TransportError, match="is damaged"):
            await oxide.session.me()


async def test_what_a_newer_rack_adds_is_ignored() -> None:
    newer = {**samples.instance(run_state="hibernating"), "gpus": [{"model": "x"}]}
    async with wire(lambda _: Reply(newer)) as rack, client(rack.host) as oxide:
        instance = await oxide.instances.view(samples.INSTANCE_ID)
    assert instance.run_state == "hibernating"


async def test_a_name_that_does_not_resolve_is_told_with_where_it_came_from() -> None:
    words = r"the name of http://rack\.invalid \(from OXIDE_HOST\) cannot be resolved"
    async with client("http://rack.invalid") as oxide:
        with pytest.raises(TransportError, match=words) as failure:
            await oxide.session.me()
    assert not failure.value.sent


async def test_a_port_where_nothing_listens_is_told_with_where_it_came_from() -> None:
    async with wire(lambda _: Reply()) as rack:
        gone = rack.host
    async with client(gone) as oxide:
        with pytest.raises(TransportError, match=r"\(from OXIDE_HOST\) refuses") as failure:
            await oxide.session.me()
    assert not failure.value.sent


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """What a server with a certificate for that name uses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


async def test_a_certificate_of_an_authority_that_was_given_is_trusted(
    authority: trustme.CA, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    async with wire(lambda _: Reply(samples.USER), ssl=tls(authority, "127.0.0.1")) as rack:
        trusting = connection(rack.host, cacert=tmp_path / "ca.pem")
        async with OxideClient(trusting) as oxide:
            assert (await oxide.session.me()).display_name == "ada"


async def test_an_insecure_connection_checks_no_certificate(authority: trustme.CA) -> None:
    async with (
        wire(lambda _: Reply(samples.USER), ssl=tls(authority, "rack.test")) as rack,
        OxideClient(connection(rack.host, insecure=True)) as oxide,
    ):
        assert (await oxide.session.me()).display_name == "ada"


async def test_an_unknown_authority_is_told_with_both_ways_out(authority: trustme.CA) -> None:
    naps = Naps()
    async with (
        wire(lambda _: Reply(), ssl=tls(authority, "127.0.0.1")) as rack,
        client(rack.host, naps=naps) as oxide,
    ):
        with pytest.raises(TransportError, match=r"not trusted .*--cacert FILE.*--insecure"):
            await oxide.session.me()
    assert rack.requests == []
    assert naps.seconds == []


async def test_a_certificate_for_another_name_is_not_trusted(
    authority: trustme.CA, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    async with wire(lambda _: Reply(), ssl=tls(authority, "rack.test")) as rack:
        trusting = connection(rack.host, cacert=tmp_path / "ca.pem")
        async with OxideClient(trusting) as oxide:
            with pytest.raises(TransportError, match=r"mismatch.*certificate is not valid"):
                await oxide.session.me()


async def test_https_to_a_port_without_tls_is_told() -> None:
    async with wire(lambda _: Reply()) as rack:
        host = rack.host.replace("http:", "https:")
        async with client(host) as oxide:
            with pytest.raises(TransportError, match="does not speak TLS"):
                await oxide.session.me()


@pytest.mark.parametrize(("content", "words"), [(None, "cannot be read"), ("x", "holds no cert")])
async def test_a_wrong_file_of_authorities_is_named(
    tmp_path: Path, content: str | None, words: str
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CredentialsError, match=rf"{re.escape(str(path))} {words}"):
        async with OxideClient(connection("https://rack.invalid", cacert=path)):
            pass


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
async def test_a_rack_on_this_machine_is_reached_without_the_proxy(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://proxy.invalid:3128")
    async with wire(lambda _: Reply(samples.USER)) as rack, client(rack.host) as oxide:
        assert (await oxide.session.me()).display_name == "ada"


async def test_a_rack_elsewhere_is_reached_through_the_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with wire(lambda _: Reply(samples.USER)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.host)
        async with client("http://rack.invalid") as oxide:
            assert (await oxide.session.me()).display_name == "ada"


async def test_a_login_that_expired_is_renewed_by_its_profile() -> None:
    async with wire(lambda _: refusal(401, "Unauthorized", "no")) as rack:
        known = replace(connection(rack.host), profile="mine")
        async with OxideClient(known) as oxide:
            with pytest.raises(Unauthorized, match="run `oxtui login --profile mine`"):
                await oxide.session.me()


async def test_a_read_can_be_cancelled_while_it_waits() -> None:
    arrived = asyncio.Event()

    def answer(_: object) -> Answer:
        arrived.set()
        return Hang()

    async with wire(answer) as rack, client(rack.host) as oxide:
        reading = asyncio.create_task(oxide.session.me())
        await arrived.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading


async def test_a_client_is_used_inside_of_its_block() -> None:
    oxide = OxideClient(connection("http://rack.invalid"))
    with pytest.raises(RuntimeError, match="async with"):
        await oxide.session.me()


@pytest.mark.parametrize("answer", [Drop(), Hang(), BUSY, Reply(b"?"), Reply({}, 401)])
async def test_no_error_shows_the_token(answer: Answer) -> None:
    timing = Timing(answer=dict.fromkeys(Kind, 0.2), sleep=Naps())
    reports: list[object] = []
    async with wire(lambda _: answer) as rack:
        known = connection(rack.host)
        async with OxideClient(known, timing=timing, on_call=reports.append) as oxide:
            with pytest.raises(OxideError) as failure:
                await oxide.session.me()
    assert rack.requests[0].headers["authorization"].endswith(SECRET)
    texts = [str(failure.value), repr(failure.value), repr(known), f"{known}", repr(reports)]
    assert not any(SECRET in text for text in texts)
    assert failure.value.__cause__ is None
