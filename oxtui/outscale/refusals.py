"""From an error reply to the error that is raised."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from oxtui.logs.sanitise import plain
from oxtui.outscale import errors
from oxtui.outscale.errors import ApiError

if TYPE_CHECKING:
    import httpx

    from oxtui.outscale.connection import Connection

_THROTTLED = frozenset(("6", "24", "25"))
_DENIED = frozenset(("1", "4", "5", "7", "8", "9", "10", "11", "13", "14", "20", "4000", "4120"))
_FAMILIES: dict[str, type[ApiError]] = {
    "5": errors.NotFound, "6": errors.WrongState, "9": errors.Conflict,
}  # fmt: skip
"""Of codes of four digits, by the first."""
SKEW_SECONDS = 60.0
"""A clock that is further away may be why a signature is refused."""


def refusal(
    response: httpx.Response, action: str, connection: Connection, now: datetime
) -> ApiError:
    """The typed error of a reply with a status of 300 or more; `now` is this machine's clock, in UTC."""
    body = _body(response)
    code, type_, details = _told(body)
    kind = _kind(response.status_code, code)
    # Whoever answers is not trusted yet: its words are shown on terminals and in logs.
    return kind(
        response.status_code, plain(code), plain(type_), plain(details), request_id(body), action,
        hint=_hint(kind, response, connection, now),
    )  # fmt: skip


def request_id(body: dict[str, Any]) -> str | None:
    """What support needs, from the body of any reply."""
    context = body.get("ResponseContext")
    found = context.get("RequestId") if isinstance(context, dict) else body.get("RequestId")
    return plain(found) if isinstance(found, str) and found else None


def _told(body: dict[str, Any]) -> tuple[str, str, str]:
    """Code, type and details, in the API's form, or in one of those that gateways have."""
    several = body.get("Errors")
    if isinstance(several, list) and several and isinstance(several[0], dict):
        first = several[0]
        found = [str(first.get(key) or "") for key in ("Code", "Type", "Details")]
        return found[0], found[1], found[2]
    if isinstance(body.get("__type"), str):  # as AWS has it
        return "", body["__type"].rpartition("#")[2], str(body.get("message") or "")
    return "", str(body.get("title") or ""), str(body.get("detail") or "")  # RFC 9457


def _kind(status: int, code: str) -> type[ApiError]:
    if code in _THROTTLED or status == 429:
        return errors.Throttled
    if code in _DENIED:
        return errors.AccessDenied
    if len(code) == 4 and code[0] in _FAMILIES:
        return _FAMILIES[code[0]]
    if len(code) == 5 and code.startswith("10"):
        return errors.QuotaExceeded
    if status in (401, 403):
        return errors.AccessDenied
    return errors.ServerError if status >= 500 else ApiError


def skew(response: httpx.Response, now: datetime) -> float | None:
    """Seconds that this machine's clock is ahead of the service's, by its Date header; None without one."""
    try:
        told = parsedate_to_datetime(response.headers.get("date", ""))
    except ValueError:
        return None
    if told.tzinfo is None:
        told = told.replace(tzinfo=UTC)
    return (now - told).total_seconds()


def _hint(
    kind: type[ApiError], response: httpx.Response, connection: Connection, now: datetime
) -> str:
    if response.is_redirect:
        return (
            f"{connection.endpoint} answers with a redirect, so it is probably not an Outscale API."
        )
    if kind is not errors.AccessDenied:
        return kind.usual_hint
    ahead = skew(response, now)
    if ahead is not None and abs(ahead) > SKEW_SECONDS:
        way = "ahead of" if ahead > 0 else "behind"
        return (
            f"The clock of this machine is {abs(ahead):.0f} s {way} Outscale's, which makes every "
            "signature wrong. Set it, then retry."
        )
    origin = connection.source.get("access_key", "unknown")
    return (
        f"The access key {connection.access_key} ({origin}) is wrong, expired, of another region than "
        f"{connection.region}, or may not do this: check it, the user's policies and the account's API "
        "access rules."
    )


def _body(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an error; empty for pages of proxies and the like."""
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
