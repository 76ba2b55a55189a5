"""What an operation of the API is, and what its handler is given."""

from __future__ import annotations

import urllib.parse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel
from starlette.websockets import WebSocket

from oxtui.rack.web import decode, errors, names, paging

if TYPE_CHECKING:
    from collections.abc import Iterable

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

    def __init__(self, request: Request, content: bytes, token: Token | None) -> None:
        self._request = request
        self._content = content
        self._token = token

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

    def body(self, model: type[M]) -> M:
        """Decode the JSON body."""
        self._expect("application/json")
        return decode.body(self._content, model)

    def form(self, model: type[M]) -> M:
        """Decode a form-encoded body."""
        self._expect("application/x-www-form-urlencoded")
        text = self._content.decode(errors="replace")
        return decode.form(dict(urllib.parse.parse_qsl(text, keep_blank_values=True)), model)

    def _expect(self, wanted: str) -> None:
        # A request without the header is taken for what is wanted, as Dropshot does for JSON.
        given = self._request.headers.get("content-type", wanted)
        if given.partition(";")[0].strip().lower() != wanted:
            raise errors.bad_request(f'expected content type "{wanted}", got "{given}"')


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


StreamHandler = Callable[[WebSocket], Awaitable[None]]
"""What serves one websocket."""


class OperationGroup(Protocol):
    """The operations on one kind of resource."""

    def operations(self) -> Iterable[Operation]:
        """Return them."""
