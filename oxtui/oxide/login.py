"""Login by device authorization (RFC 8628), as `oxide auth login` does it.

The rack gives a code, the operator confirms it in a browser, and meanwhile we ask whether it has
been confirmed. The server never says that a code has expired, so we stop by our own clock.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pydantic import Field, ValidationError

from oxtui import __version__
from oxtui.oxide.calls import Call
from oxtui.oxide.credentials import Connection
from oxtui.oxide.errors import CredentialsError, OxideError, TransportError, UnreadableReply
from oxtui.oxide.failures import transport_error
from oxtui.oxide.host import normalise_host
from oxtui.oxide.models.base import Model
from oxtui.oxide.refusals import refusal
from oxtui.oxide.timing import Kind, Timing
from oxtui.oxide.token import Token
from oxtui.service.address import is_loopback
from oxtui.service.http import Connections
from oxtui.service.tls import tls_context

POLL_SECONDS = 5.0
"""RFC 8628's interval when the server names none, as Oxide's does not."""

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_BEGIN = Call("device_auth_request", "begin", "the login", "POST", "/device/auth", Kind.CHANGE)
_POLL = Call("device_access_token", "finish", "the login", "POST", "/device/token", Kind.CHANGE)


class LoginError(OxideError):
    """The login was denied, or not confirmed in time."""


class DeviceCode(Model):
    """What the operator is shown: type `user_code` at `verification_uri` within `expires_in` s."""

    user_code: str
    verification_uri: str
    expires_in: float
    interval: float = POLL_SECONDS
    device_code: str = Field(repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """A token, its id for revoking it, and when it ends (text of the rack; None for never)."""

    token: Token
    token_id: str | None = None
    time_expires: str | None = None


@dataclass
class DeviceLogin(Connections):
    """One login, used as `async with DeviceLogin(host) as login`.

    Args:
        host: The rack, in any form that `normalise_host` takes.
        insecure: Check no certificate.
        cacert: PEM file of a further authority.
        ttl_seconds: Lifetime of the token; None for the silo's longest.
        timing: Timeouts.
        clock: Seconds that only grow.
        sleep: Waits that many seconds.
    """

    host: str
    insecure: bool = False
    cacert: Path | None = None
    ttl_seconds: int | None = None
    timing: Timing = field(default_factory=Timing)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    _client_id: str = field(default_factory=lambda: str(uuid.uuid4()), init=False)

    def __post_init__(self) -> None:
        self.host = normalise_host(self.host)

    async def _open(self) -> httpx.AsyncClient:
        verify = await asyncio.to_thread(
            tls_context, CredentialsError, insecure=self.insecure, cacert=self.cacert
        )
        headers = {"User-Agent": f"oxtui/{__version__}"}
        return httpx.AsyncClient(
            base_url=self.host,
            headers=headers,
            verify=verify,
            trust_env=not is_loopback(self.host),
        )

    async def begin(self) -> DeviceCode:
        """Ask for a code.

        Raises:
            TransportError, ApiError, UnreadableReply: There is no rack that gives one.
        """
        form = {"client_id": self._client_id}
        if self.ttl_seconds is not None:
            form["ttl_seconds"] = str(self.ttl_seconds)
        response = await self._post(_BEGIN, form)
        if response.status_code >= 300:
            raise refusal(response, _BEGIN, self._connection())
        try:
            return DeviceCode.model_validate_json(response.content)
        except ValidationError:
            raise self._unreadable(_BEGIN) from None

    async def wait(self, code: DeviceCode) -> Grant:
        """Ask again and again until the code is confirmed.

        Raises:
            LoginError: It was denied, or the time is over.
            ApiError, UnreadableReply: The rack answers with something unexpected.
        """
        end = self.clock() + code.expires_in
        interval = code.interval
        form = {
            "grant_type": _GRANT,
            "device_code": code.device_code,
            "client_id": self._client_id,
        }
        while self.clock() + interval <= end:
            await self.sleep(interval)
            try:
                response = await self._post(_POLL, form)
            except TransportError as error:
                if not error.passing:
                    raise
                continue
            if response.status_code < 300:
                return self._grant(response)
            problem = _json(response).get("error")
            if problem == "slow_down":
                interval += POLL_SECONDS
            elif problem == "access_denied":
                raise LoginError(
                    "The login was denied in the browser. Begin again to get a new code."
                )
            elif problem == "expired_token":
                break
            elif problem != "authorization_pending":
                raise refusal(response, _POLL, self._connection())
        raise LoginError(
            f"The code {code.user_code} was not confirmed within {code.expires_in:g} s and is no"
            " longer valid. Begin again to get a new one."
        )

    def _grant(self, response: httpx.Response) -> Grant:
        reply = _json(response)
        token = reply.get("access_token")
        if not isinstance(token, str) or not Token(token).is_sendable():
            raise self._unreadable(_POLL)
        expires = reply.get("time_expires")
        token_id = reply.get("token_id")
        return Grant(
            Token(token),
            token_id if isinstance(token_id, str) else None,
            expires if isinstance(expires, str) else None,
        )

    async def _post(self, call: Call, form: dict[str, str]) -> httpx.Response:
        seconds = self.timing.answer[call.kind]
        timeout = httpx.Timeout(seconds, connect=self.timing.connect)
        try:
            return await self._http.post(call.path, data=form, timeout=timeout)
        except httpx.RequestError as error:
            raise transport_error(error, call, self._connection(), self.timing) from None

    def _connection(self) -> Connection:
        """The rack for messages; there is no token yet."""
        return Connection(self.host, Token(""))

    def _unreadable(self, call: Call) -> UnreadableReply:
        return UnreadableReply(
            f"Cannot {call.action}: {self.host} does not answer as a rack does. Check the host."
        )


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
