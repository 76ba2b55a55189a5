"""A login by device code ends with a token, a refusal or the end of its time."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from oxtui.oxide.errors import ApiError, EndpointMissing, TransportError, UnreadableReply
from oxtui.oxide.login import DeviceLogin, Grant, LoginError
from tests.oxide.device import DEVICE_CODE, GRANTED, PENDING, Device
from tests.oxide.rig import SECRET
from tests.oxide.wire import Answer, Drop, Reply, refusal, wire

SLOWER = Reply({"error": "slow_down"}, 400)


@dataclass
class Clock:
    """Time that passes only while someone sleeps."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@asynccontextmanager
async def logging_in(
    device: Device, clock: Clock | None = None
) -> AsyncIterator[Callable[[], Awaitable[Grant]]]:
    """A whole login, from its code to its end."""
    clock = clock or Clock()
    async with (
        wire(device) as rack,
        DeviceLogin(rack.host, clock=clock, sleep=clock.sleep) as login,
    ):

        async def log_in() -> Grant:
            return await login.wait(await login.begin())

        yield log_in


async def log_in(device: Device, clock: Clock | None = None) -> Grant:
    async with logging_in(device, clock) as log_in:
        return await log_in()


async def test_the_operator_is_shown_a_code_and_an_address() -> None:
    device = Device()
    async with wire(device) as rack, DeviceLogin(rack.host, ttl_seconds=3600) as login:
        code = await login.begin()
    assert (code.user_code, code.expires_in) == ("BCDF-GHJK", 300)
    assert code.verification_uri == "https://rack.example/device/verify"
    assert DEVICE_CODE not in repr(code)
    assert device.forms[0]["ttl_seconds"] == ["3600"]
    assert uuid.UUID(device.forms[0]["client_id"][0])


async def test_a_confirmed_code_gives_a_token_with_its_id_and_end() -> None:
    clock, device = Clock(), Device([PENDING, PENDING, GRANTED])
    grant = await log_in(device, clock)
    assert grant.token.reveal() == SECRET
    assert (grant.token_id is not None, grant.time_expires) == (True, "2026-12-01T00:00:00Z")
    assert SECRET not in repr(grant)
    assert clock.now == 1015
    assert device.forms[1] == {
        "grant_type": ["urn:ietf:params:oauth:grant-type:device_code"],
        "device_code": [DEVICE_CODE],
        "client_id": device.forms[0]["client_id"],
    }
    assert "ttl_seconds" not in device.forms[0]


async def test_a_token_for_ever_has_no_end() -> None:
    forever = Reply({"access_token": SECRET, "token_type": "bearer", "time_expires": None})
    grant = await log_in(Device([forever]))
    assert (grant.token_id, grant.time_expires) == (None, None)


async def test_a_rack_that_wants_to_be_asked_less_often_is_obeyed() -> None:
    clock = Clock()
    await log_in(Device([SLOWER, PENDING, GRANTED], {"interval": 2}), clock)
    assert clock.now == 1000 + 2 + 7 + 7


async def test_a_lost_poll_does_not_end_the_login() -> None:
    assert (await log_in(Device([Drop(), GRANTED]))).token.reveal() == SECRET


async def test_polling_ends_with_the_life_of_the_code() -> None:
    clock, device = Clock(), Device([PENDING])
    async with logging_in(device, clock) as log_in:
        with pytest.raises(LoginError, match="BCDF-GHJK was not confirmed within 300 s"):
            await log_in()
    assert clock.now == 1300
    assert len(device.forms) == 61


@pytest.mark.parametrize(
    ("poll", "error", "words"),
    [
        (Reply({"error": "access_denied"}, 400), LoginError, "denied in the browser"),
        (Reply({"error": "expired_token"}, 400), LoginError, "no longer valid"),
        (Reply({"error": "unsupported_grant_type"}, 400), ApiError, "Cannot finish the login"),
        (refusal(500, "Internal", "Internal Server Error"), ApiError, "request id 7c0f"),
        (Reply({"token_type": "bearer"}), UnreadableReply, "not answer as a rack does"),
        (Reply({"access_token": "two words"}), UnreadableReply, "not answer as a rack does"),
        (Reply(b"<html>"), UnreadableReply, "not answer as a rack does"),
    ],
)
async def test_anything_else_ends_it_with_the_reason(
    poll: Answer, error: type[Exception], words: str
) -> None:
    async with logging_in(Device([poll])) as log_in:
        with pytest.raises(error, match=words):
            await log_in()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(404, None, "Not Found"), EndpointMissing),
        (Reply({"user_code": "BCDF-GHJK"}), UnreadableReply),
    ],
)
async def test_a_host_that_is_no_rack_is_told(answer: Answer, error: type[Exception]) -> None:
    async with wire(lambda _: answer) as rack, DeviceLogin(rack.host) as login:
        with pytest.raises(error):
            await login.begin()


async def test_a_host_that_is_not_there_is_told() -> None:
    async with wire(Device()) as rack:
        gone = rack.host
    async with DeviceLogin(gone) as login:
        with pytest.raises(TransportError, match=r"Cannot begin the login: .* refuses"):
            await login.begin()


async def test_a_login_is_used_inside_of_its_block() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await DeviceLogin("rack.example").begin()
