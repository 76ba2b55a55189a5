"""The one place where requests are made: headers, timeouts, errors, reports, safe repetition."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from oxtui.oxide.calls import ApiCall, Call, presentable
from oxtui.oxide.credentials import Connection
from oxtui.oxide.errors import (
    CredentialsError,
    OxideError,
    ServiceUnavailable,
    TransportError,
    UnreadableReply,
)
from oxtui.oxide.failures import transport_error
from oxtui.oxide.refusals import refusal, request_id
from oxtui.oxide.timing import Timing
from oxtui.service.address import is_loopback
from oxtui.service.http import Connections
from oxtui.service.tls import tls_context

ModelT = TypeVar("ModelT", bound=BaseModel)


class Channel(Connections):
    """A connection to a rack that turns calls into answers.

    Args:
        connection: The rack and the token.
        user_agent: What we call ourselves.
        timing: Timeouts and pauses.
        on_call: Told of every attempt when it is over.
        transport: Replaces the network, for tests and embedding.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        user_agent: str,
        timing: Timing,
        on_call: Callable[[ApiCall], None] | None,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self.connection = connection
        self.user_agent = user_agent
        self.timing = timing
        self._on_call = on_call
        self._transport = transport
        self.tls: ssl.SSLContext | None = None
        self.project_names: dict[str, str] = {}
        """By id, of the projects that were read: messages call them so."""

    async def _open(self) -> httpx.AsyncClient:
        self.tls = await asyncio.to_thread(
            tls_context,
            CredentialsError,
            insecure=self.connection.insecure,
            cacert=self.connection.cacert,
        )
        return httpx.AsyncClient(
            base_url=self.connection.host,
            headers=self.headers(),
            verify=self.tls,
            transport=self._transport,
            trust_env=not is_loopback(self.connection.host),
        )

    def headers(self) -> dict[str, str]:
        """What every request carries.

        Raises:
            CredentialsError: The token cannot be sent. It is checked here because the error of the
                HTTP library would show it.
        """
        if not self.connection.token.is_sendable():
            origin = self.connection.source.get("token", "unknown source")
            raise CredentialsError(
                f"The token from {origin} is empty or has blanks or letters that no token has."
            )
        return {
            "Authorization": f"Bearer {self.connection.token.reveal()}",
            "API-Version": self.connection.api_version,
            "User-Agent": self.user_agent,
        }

    async def fetch(self, call: Call) -> httpx.Response:
        """The answer to a call that may be repeated: a read, or a write of the same bytes.

        Lost connections and 503 are tried again after growing pauses, for no longer than one and a
        half times the wait for one answer.

        Raises:
            ApiError: The rack refused or failed.
            TransportError: No answer.
        """
        begun = time.monotonic()
        for number, pause in enumerate(self.timing.pauses, 1):
            try:
                return await self.attempt(call, number)
            except (TransportError, ServiceUnavailable) as error:
                spent = time.monotonic() - begun
                if isinstance(error, TransportError) and (
                    not error.passing or spent > self.timing.answer[call.kind] * 1.5
                ):
                    raise
            await self.timing.sleep(pause)
        return await self.attempt(call, len(self.timing.pauses) + 1)

    async def attempt(self, call: Call, number: int = 1) -> httpx.Response:
        """One attempt, reported.

        Raises:
            ApiError: The rack refused or failed.
            TransportError: No answer.
        """
        started, begun = datetime.now(UTC), time.monotonic()
        response: httpx.Response | None = None
        failure: str | None = "cancelled"
        try:
            response = await self._send(self._http, call)
            if response.status_code >= 300:
                raise refusal(response, call, self.connection)
            failure = None
        except OxideError as error:
            failure = str(error)
            raise
        finally:
            if self._on_call is not None:
                self._on_call(self._report(call, number, started, begun, response, failure))
        return response

    def decode(self, model: type[ModelT], response: httpx.Response, call: Call) -> ModelT:
        """The model that a reply holds.

        Raises:
            UnreadableReply: It is not JSON, or not of this shape.
        """
        try:
            return model.model_validate_json(response.content)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise UnreadableReply(
                f"Cannot {call.verb} {call.subject}: the answer of {self.connection.host} has"
                f" another shape than API version {self.connection.api_version}"
                f" ({f'{place}: ' if place else ''}{first['msg']}). Is it an Oxide rack?"
            ) from None

    async def _send(self, http: httpx.AsyncClient, call: Call) -> httpx.Response:
        seconds = self.timing.answer[call.kind]
        try:
            return await http.request(
                call.method,
                call.path,
                params=dict(call.params),
                json=call.body,
                timeout=httpx.Timeout(seconds, connect=self.timing.connect),
            )
        except httpx.RequestError as error:
            # Without the chain: frames of the HTTP library hold the Authorization header, and a
            # crash report shows the variables of frames.
            raise transport_error(error, call, self.connection, self.timing) from None

    def _report(
        self,
        call: Call,
        number: int,
        started: datetime,
        begun: float,
        response: httpx.Response | None,
        failure: str | None,
    ) -> ApiCall:
        return ApiCall(
            host=self.connection.host,
            operation=call.operation,
            method=call.method,
            target=call.target,
            body=presentable(call.body),
            started=started,
            seconds=time.monotonic() - begun,
            attempt=number,
            status=None if response is None else response.status_code,
            request_id=None if response is None else request_id(response),
            error=failure,
        )
