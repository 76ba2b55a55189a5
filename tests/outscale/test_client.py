"""What the client does with answers: errors told, repetition where it does no harm, the limit, pages."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from oxtui.outscale import errors
from oxtui.outscale.calls import ApiCall
from oxtui.outscale.errors import ApiError, TransportError
from oxtui.outscale.limiter import Limiter, shared
from tests.outscale.rig import SECRET_KEY, START, Api, refused, reply

LOST = httpx.ReadError("lost")
NEVER_SENT = httpx.ConnectError("refused")
BUSY = [refused(503, "6"), refused(429, "24"), refused(429, "25")]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "1", errors.AccessDenied),
        (400, "4120", errors.AccessDenied),
        (400, "4078", ApiError),
        (400, "5063", errors.NotFound),
        (409, "6006", errors.WrongState),
        (409, "9011", errors.Conflict),
        (400, "10042", errors.QuotaExceeded),
    ],
)
async def test_an_error_tells_code_type_details_and_request(
    status: int, code: str, kind: type[ApiError]
) -> None:
    api = Api([refused(status, code, "InvalidSomething", "No such \x1b[31mthing.")])
    with pytest.raises(kind) as caught:
        async with api.client() as client:
            await client.call("ReadVms")
    error = caught.value
    assert type(error) is kind
    assert (error.code, error.type, error.request_id) == (code, "InvalidSomething", "req-1")
    assert "\x1b" not in str(error)
    assert str(error).startswith(f"ReadVms: Outscale answers {code} InvalidSomething: No such")
    assert "req-1" in str(error)
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (400, "10042", "free some of it, or ask Outscale for more. (request id req-1)"),
        (500, "2000", "retry; if it stays so, its support can find the request by its id."),
        (429, "25", "retry in a moment."),
    ],
)
async def test_an_error_says_what_to_do_next(status: int, code: str, hint: str) -> None:
    api = Api([refused(status, code, "Something", "No.")] * 20)
    with pytest.raises(ApiError) as caught:
        async with api.client() as client:
            await client.call("ReadVms")
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {"type": "about:blank", "status": 400, "title": "Bad", "detail": "no host"},
            "Bad: no host",
        ),
        ({"__type": "x#AccessDenied", "message": "not you"}, "AccessDenied: not you"),
        ([], "HTTP 400"),
    ],
)
async def test_a_gateways_error_is_told_too(body: object, told: str) -> None:
    api = Api([httpx.Response(400, json=body)])
    async with api.client() as client:
        with pytest.raises(ApiError, match=told):
            await client.call("ReadVms")


@pytest.mark.parametrize(("ahead", "way"), [(400, "400 s ahead of"), (-3700, "3700 s behind")])
async def test_a_wrong_clock_is_told_where_keys_are_refused(ahead: int, way: str) -> None:
    answer = refused(401, "1", "AccessDenied")
    answer.headers["date"] = format_datetime(START - timedelta(seconds=ahead), usegmt=True)
    async with Api([answer]).client() as client:
        with pytest.raises(errors.AccessDenied, match=way):
            await client.call("ReadVms")


async def test_with_a_right_clock_the_key_is_named() -> None:
    answer = refused(401, "1", "AccessDenied")
    answer.headers["date"] = format_datetime(START, usegmt=True)
    async with Api([answer]).client() as client:
        with pytest.raises(errors.AccessDenied, match=r"OSC_ACCESS_KEY.*eu-west-2"):
            await client.call("ReadVms")


async def test_a_throttled_creation_is_asked_again_after_growing_pauses() -> None:
    api = Api([*BUSY, reply()])
    async with api.client() as client:
        await client.call("CreateImage", ImageName="x")
    assert len(api.requests) == 4
    assert api.clock.slept == [1, 2, 4]


async def test_what_stays_throttled_ends() -> None:
    api = Api([refused(429, "24")])
    async with api.client() as client:
        with pytest.raises(errors.Throttled):
            await client.call("ReadVms")
    assert len(api.requests) == 8
    assert max(api.clock.slept) == 30


@pytest.mark.parametrize("trouble", [LOST, refused(500, "0"), refused(503, "")])
@pytest.mark.parametrize(
    ("action", "body", "tries"),
    [
        ("ReadVms", {}, 4),
        ("DeleteVms", {"VmIds": ["i-1"]}, 4),
        ("CreateTags", {}, 4),
        ("CreateVms", {"ClientToken": "t"}, 4),
        ("CreateVms", {}, 1),
        ("CreatePublicIp", {}, 1),
        ("LinkPublicIp", {}, 1),
    ],
)
async def test_only_what_cannot_be_done_twice_is_asked_again(
    trouble: Exception | httpx.Response, action: str, body: dict[str, object], tries: int
) -> None:
    api = Api([trouble])
    async with api.client() as client:
        with pytest.raises((TransportError, errors.ServerError)):
            await client.call(action, **body)
    assert len(api.requests) == tries


async def test_a_creation_that_was_never_sent_is_asked_again() -> None:
    api = Api([NEVER_SENT, reply()])
    async with api.client() as client:
        await client.call("CreatePublicIp")
    assert len(api.requests) == 2


async def test_each_try_is_signed_anew() -> None:
    api = Api([refused(503, "6"), reply()])
    async with api.client() as client:
        await client.call("ReadVms")
    dates = [request.headers["x-osc-date"] for request in api.requests]
    assert dates == ["20260102T030405Z", "20260102T030406Z"]


async def test_no_second_has_more_than_five_requests() -> None:
    api = Api([reply(Vms=[])])
    limiter = Limiter()
    async with api.client(limiter=limiter) as one, api.client(limiter=limiter) as other:
        for _ in range(6):
            await one.call("ReadVms")
            await other.call("ReadVms")
    assert api.times == [0] * 5 + [1] * 5 + [2] * 2


def test_clients_of_one_account_share_its_limit() -> None:
    one = shared("https://a/api/v1", "AK")
    assert one is shared("https://a/api/v1", "AK")
    assert one is not shared("https://a/api/v1", "OTHER")


async def test_all_pages_are_read() -> None:
    first = reply(Vms=[{"VmId": "i-1"}], NextPageToken="next")
    api = Api([first, reply(Vms=[{"VmId": "i-2", "Unknown": 1}])])
    async with api.client() as client:
        found = await client.vms.list({"VmStateNames": ["running"]})
    assert [vm.vm_id for vm in found] == ["i-1", "i-2"]
    filters = {"VmStateNames": ["running"]}
    assert api.body(0) == {"ResultsPerPage": 1000, "Filters": filters}
    assert api.body(1) == {"ResultsPerPage": 1000, "Filters": filters, "NextPageToken": "next"}


async def test_pages_without_end_are_an_error() -> None:
    async with Api([reply(Vms=[], NextPageToken="same")]).client() as client:
        with pytest.raises(errors.UnreadableReply, match="same page"):
            await client.vms.list()


async def test_an_empty_filter_is_refused_as_it_would_find_everything() -> None:
    api = Api([reply(Volumes=[])])
    async with api.client() as client:
        with pytest.raises(ValueError, match="everything"):
            await client.volumes.list({"VolumeIds": []})
    assert not api.requests


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, text="<html>"), httpx.Response(200, json=[])]
)
async def test_what_is_no_api_is_told(answer: httpx.Response) -> None:
    async with Api([answer]).client() as client:
        with pytest.raises(errors.UnreadableReply, match="Check the endpoint"):
            await client.call("ReadVms")


async def test_every_attempt_is_reported_without_secrets() -> None:
    calls: list[ApiCall] = []
    api = Api([refused(503, "6"), reply(Vms=[{"VmId": "i-1"}])])
    async with api.client(on_call=calls.append) as client:
        await client.create_vm({"ImageId": "ami-1", "UserData": "cGFzc3dvcmQ="})
    assert [(call.attempt, call.status, call.request_id) for call in calls] == [
        (1, 503, "req-1"),
        (2, 200, "req-1"),
    ]
    assert "cGFzc3dvcmQ=" not in repr(calls) + calls[0].curl
    assert SECRET_KEY not in repr(calls) + calls[0].curl + repr(client.connection)
    assert "osc:osc:eu-west-2:api" in calls[0].curl


async def test_an_error_shows_no_secret_even_in_its_frames() -> None:
    api = Api([LOST])
    async with api.client() as client:
        with pytest.raises(TransportError) as caught:
            await client.call("CreatePublicIp")
    assert caught.value.sent
    assert caught.value.__cause__ is None
    assert SECRET_KEY not in str(caught.value)
