"""What an operation of the API is, and what its handler is given."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel

from oxtui.rack.web import decode, errors, names, paging

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from starlette.requests import Request

    from oxtui.rack.store.records import Token

BODY_LIMIT = 1024 * 1024

M = TypeVar("M", bound=BaseModel)
S = TypeVar("S", bound=paging.Scan)


class _Identifier(BaseModel):
    id: names.Id


class _NameOrId(BaseModel):
    name_or_id: names.NameOrId


def name_or_id(text: str) -> str:
    """Decode a part of a path that is a name or an id; ApiError 400."""
    return decode.path({"name_or_id": text}, _NameOrId).name_or_id


class Call:
    """One request to one operation; `token` is None where no login is needed."""

    def __init__(self, request: Request, token: Token | None, body_limit: int) -> None:
        self._request = request
        self._token = token
        self._body_limit = body_limit

    @property
    def token(self) -> Token:
        """The token that the caller showed; ApiError 401 if there was none."""
        if self._token is None:
            raise errors.unauthorized()
        return self._token

    @property
    def base_url(self) -> str:
        """Scheme, host and port as the client wrote them."""
        return str(self._request.base_url).rstrip("/")

    def name_or_id(self, parameter: str) -> str:
        """Return a part of the path that is a name or an id."""
        return name_or_id(self._request.path_params[parameter])

    def id(self, parameter: str) -> str:
        """Return a part of the path that must be an id."""
        return decode.path({"id": self._request.path_params[parameter]}, _Identifier).id

    def query(self, model: type[M]) -> M:
        """Decode the query string."""
        return decode.query(self._request.query_params, model)

    def scan(self, model: type[S]) -> tuple[S, paging.Page]:
        """Decode the query string of a list."""
        return paging.parse(self._request.query_params, model)

    async def body(self, model: type[M]) -> M:
        """Read and decode the JSON body."""
        self._expect("application/json")
        return decode.body(await self._read(), model)

    async def form(self, model: type[M]) -> M:
        """Read and decode a form-encoded body."""
        self._expect("application/x-www-form-urlencoded")
        text = (await self._read()).decode(errors="replace")
        return decode.form(dict(urllib.parse.parse_qsl(text, keep_blank_values=True)), model)

    def _expect(self, wanted: str) -> None:
        # A request without the header is taken for what is wanted, as Dropshot does for JSON.
        given = self._request.headers.get("content-type", wanted)
        if given.partition(";")[0].strip().lower() != wanted:
            raise errors.bad_request(f'expected content type "{wanted}", got "{given}"')

    async def _read(self) -> bytes:
        chunks: list[bytes] = []
        size = 0
        async for chunk in self._request.stream():
            size += len(chunk)
            if size > self._body_limit:
                raise errors.bad_request(
                    f"request body exceeded maximum size of {self._body_limit} bytes"
                )
            chunks.append(chunk)
        return b"".join(chunks)


@dataclass(frozen=True, slots=True)
class Reply:
    """A JSON reply with another status than the operation's own."""

    status: int
    body: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the OpenAPI description. A handler returns the JSON body, or None."""

    id: str
    method: str
    path: str
    handle: Callable[[Call], Awaitable[dict[str, Any] | Reply | None]]
    status: int = 200
    needs_login: bool = True
    body_limit: int = BODY_LIMIT


class OperationGroup(Protocol):
    """The operations on one kind of resource."""

    def operations(self) -> Iterable[Operation]:
        """Return them."""
