"""From an error reply of the rack to the error that is raised."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from oxtui.logs.sanitise import plain
from oxtui.oxide import errors
from oxtui.oxide.api_version import release_needed
from oxtui.oxide.errors import ApiError

if TYPE_CHECKING:
    import httpx

    from oxtui.oxide.calls import Call
    from oxtui.oxide.credentials import Connection

_BY_CODE: dict[str, type[ApiError]] = {
    "ObjectAlreadyExists": errors.AlreadyExists,
    "ObjectNotFound": errors.NotFound,
    "Unauthorized": errors.Unauthorized,
    "Forbidden": errors.Forbidden,
    "Conflict": errors.Conflict,
    "Gone": errors.Gone,
    "InsufficientCapacity": errors.InsufficientCapacity,
    "ServiceNotAvailable": errors.ServiceUnavailable,
}
_BY_STATUS: dict[int, type[ApiError]] = {
    400: errors.InvalidRequest,
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.EndpointMissing,
    405: errors.EndpointMissing,
    409: errors.Conflict,
    410: errors.Gone,
    502: errors.ServiceUnavailable,
    503: errors.ServiceUnavailable,
    504: errors.ServiceUnavailable,
    507: errors.InsufficientCapacity,
}
_VERSION = "server does not support this API version"
_PARSER_NOISE = re.compile(
    r"^unable to parse (?:JSON body|query string|URL-encoded body): | at line \d+ column \d+$"
)


def refusal(response: httpx.Response, call: Call, connection: Connection) -> ApiError:
    """The typed error of a reply with a status of 300 or more."""
    body = _body(response)
    code = body.get("error_code")
    # Whoever answers is not trusted yet: its words are shown on terminals, in logs and in toasts.
    message = plain(str(body.get("message") or response.reason_phrase or response.status_code))
    kind = _kind(response.status_code, code, message)
    return kind(
        response.status_code,
        code if isinstance(code, str) else None,
        _PARSER_NOISE.sub("", message).rstrip("."),
        request_id(response, body),
        call.operation,
        call.subject,
        verb=call.verb,
        hint=_hint(kind, response, connection),
    )


def request_id(response: httpx.Response, body: dict[str, Any] | None = None) -> str | None:
    """The id that support needs: from the header, else from an error's body."""
    header = response.headers.get("x-request-id")
    from_body = (body or {}).get("request_id")
    found = header or (from_body if isinstance(from_body, str) else None)
    return plain(found) if found else found


def _kind(status: int, code: object, message: str) -> type[ApiError]:
    if isinstance(code, str) and code in _BY_CODE:
        return _BY_CODE[code]
    if status == 400 and message.startswith(_VERSION):
        return errors.VersionTooNew
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return errors.ServerError if status >= 500 else errors.InvalidRequest


def _hint(kind: type[ApiError], response: httpx.Response, connection: Connection) -> str:
    if kind is errors.VersionTooNew:
        return (
            f"It needs {release_needed(connection.api_version)}; update the rack, or name a version"
            " that it has in OXTUI_API_VERSION."
        )
    if kind is errors.EndpointMissing:
        return (
            f"Is {connection.host} an Oxide rack, new enough for API version"
            f" {connection.api_version}?"
        )
    if kind is errors.Unauthorized:
        origin = connection.source.get("token", "unknown")
        name = connection.profile
        place = f"--profile {name}" if name else f"--host {connection.host}"
        return f"It came from {origin} and is wrong or expired; run `oxtui login {place}`."
    if response.is_redirect:
        return f"{connection.host} answers with a redirect, so it is probably not an Oxide rack."
    return ""


def _body(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an error; empty for pages of proxies and the like."""
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
