"""The one place where requests are made: signature, limit, errors, reports, safe repetition."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from oxtui.outscale.calls import ApiCall, may_repeat, presentable
from oxtui.outscale.connection import Connection
from oxtui.outscale.errors import (
    OutscaleError,
    ServerError,
    Throttled,
    TransportError,
    UnreadableReply,
)
from oxtui.outscale.failures import transport_error
from oxtui.outscale.limiter import Limiter, shared
from oxtui.outscale.refusals import refusal, request_id
from oxtui.outscale.signature import Request, authorization, osc_date
from oxtui.outscale.timing import Timing
from oxtui.outscale.tls import tls_context
from oxtui.service.address import is_loopback
from oxtui.service.http import Connections

CONTENT_TYPE = "application/json"


class Channel(Connections):
    """A connection to the API that turns calls into answers.

    Args:
        connection: The account.
        user_agent: What we call ourselves.
        timing: Waits and clocks.
        on_call: Told of every attempt when it is over.
        transport: Replaces the network, for tests.
        limiter: Of the account; the one that all of this process share where None is given.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        user_agent: str,
        timing: Timing,
        on_call: Callable[[ApiCall], None] | None,
        transport: httpx.AsyncBaseTransport | None,
        limiter: Limiter | None,
    ) -> None:
        self.connection = connection
        self.timing = timing
        self._user_agent = user_agent
        self._on_call = on_call
        self._transport = transport
        self._limiter = limiter or shared(connection.endpoint, connection.access_key)

    async def _open(self) -> httpx.AsyncClient:
        verify = await asyncio.to_thread(tls_context, self.connection)
        return httpx.AsyncClient(
            verify=verify,
            transport=self._transport,
            trust_env=not is_loopback(self.connection.endpoint),
            timeout=httpx.Timeout(self.timing.answer, connect=self.timing.connect),
        )

    async def call(self, action: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a call, which is made again where that can do no harm.

        What the API refused for the number of requests was not looked at and is always asked again; lost
        answers and failures of the API are, unless the call could then be done twice (`may_repeat`).

        Raises:
            ApiError: The API refused or failed.
            TransportError: No answer.
            UnreadableReply: It is no JSON object.
        """
        failures = 0
        while True:
            try:
                return await self._attempt(action, body, failures + 1)
            except (Throttled, ServerError, TransportError) as error:
                failures += 1
                if failures >= self._tries(error, may_repeat(action, body)):
                    raise
            await self.timing.sleep(self.timing.pause(failures))

    def _tries(self, error: OutscaleError, repeatable: bool) -> int:
        if isinstance(error, Throttled):
            return self.timing.throttled_tries
        if isinstance(error, TransportError):
            again = error.passing and (repeatable or not error.sent)
            return self.timing.tries if again else 1
        return self.timing.tries if repeatable else 1

    async def _attempt(self, action: str, body: Mapping[str, Any], number: int) -> dict[str, Any]:
        wait = self._limiter.reserve(self.timing.clock())
        if wait > 0:
            await self.timing.sleep(wait)
        started, begun = self.timing.now(), self.timing.clock()
        status: int | None = None
        found: dict[str, Any] = {}
        failure: str | None = "cancelled"
        told: str | None = None
        try:
            response = await self._send(self._http, action, body)
            status, found = response.status_code, _object(response)
            told = request_id(found)
            if status >= 300:
                raise refusal(response, action, self.connection, self.timing.now())
            if "ResponseContext" not in found:
                raise UnreadableReply(
                    f"{action}: the answer of {self.connection.endpoint} is not the API's. Check the endpoint."
                )
            failure = None
        except OutscaleError as error:
            failure = str(error)
            raise
        finally:
            if self._on_call is not None:
                self._on_call(
                    ApiCall(
                        endpoint=self.connection.endpoint, region=self.connection.region,
                        action=action, body=presentable(body), started=started,
                        seconds=self.timing.clock() - begun, attempt=number, status=status,
                        request_id=told, error=failure,
                    )
                )  # fmt: skip
        return found

    async def _send(
        self, http: httpx.AsyncClient, action: str, body: Mapping[str, Any]
    ) -> httpx.Response:
        content = json.dumps(body).encode()
        connection = self.connection
        request = http.build_request(
            "POST", f"{connection.endpoint}/{action}", content=content,
            headers={"Content-Type": CONTENT_TYPE, "User-Agent": self._user_agent},
        )  # fmt: skip
        date = osc_date(self.timing.now())
        signed = Request(
            host=request.headers["Host"],
            path=request.url.raw_path.decode(),
            content_type=CONTENT_TYPE,
            body=content,
            date=date,
        )
        request.headers["X-Osc-Date"] = date
        request.headers["Authorization"] = authorization(
            signed, connection.region, connection.access_key, connection.secret_key.reveal()
        )
        try:
            return await http.send(request)
        except httpx.RequestError as error:
            # Without the chain: a crash report shows the variables of frames.
            raise transport_error(error, action, connection, self.timing) from None


def _object(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of a reply; empty where it is none."""
    try:
        found = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
