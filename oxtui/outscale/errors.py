"""What can go wrong between us and Outscale; the text of each is for an operator to read.

Codes and their families are those of the Outscale API ("API error codes").
"""

from __future__ import annotations

from typing import ClassVar

from oxtui.service import ServiceError


class OutscaleError(ServiceError):
    """Base of all errors of this package."""


class CredentialsError(OutscaleError):
    """No usable keys were found, or what was found cannot be used."""


class TransportError(OutscaleError):
    """No whole answer came back: DNS, refused, TLS, timeout, connection lost.

    Attributes:
        sent: False when the request certainly never reached the API.
        passing: True when a repetition may well work.
    """

    def __init__(self, message: str, *, sent: bool, passing: bool) -> None:
        super().__init__(message)
        self.sent = sent
        self.passing = passing


class UnreadableReply(OutscaleError):
    """Something answered that is not the Outscale API."""


class ApiError(OutscaleError):
    """The API refused or failed.

    Attributes:
        status: HTTP status.
        code: The API's code, digits such as `5063`; empty where a gateway answered.
        type: Its name, such as `InvalidResource`.
        details: The API's own words; may be empty.
        action: Such as `CreateVms`.
        hint: What to do next, a sentence or empty.
    """

    usual_hint: ClassVar[str] = ""
    """What to do next wherever nothing better is known."""

    def __init__(
        self,
        status: int,
        code: str,
        type_: str,
        details: str,
        request_id: str | None,
        action: str,
        *,
        hint: str = "",
    ) -> None:
        self.status = status
        self.code = code
        self.type = type_
        self.details = details
        self.request_id = request_id
        self.action = action
        self.hint = hint
        reference = f"(request id {request_id})" if request_id else ""
        super().__init__(" ".join(part for part in (self._sentence(), hint, reference) if part))

    def _sentence(self) -> str:
        name = " ".join(part for part in (self.code, self.type) if part) or f"HTTP {self.status}"
        details = f": {self.details.rstrip('.')}" if self.details else ""
        return f"{self.action}: Outscale answers {name}{details}."


class AccessDenied(ApiError):
    """Codes 1, 4, 5, 7, 8, 9, 10, 11, 13, 14, 20, 4000, 4120 and HTTP 401, 403: keys, rights or access rules."""


class NotFound(ApiError):
    """Codes 5xxx: the resource is not there (yet)."""


class WrongState(ApiError):
    """Codes 6xxx: the state of the resource does not allow it now."""


class Conflict(ApiError):
    """Codes 9xxx: something else has the name or uses the resource."""


class QuotaExceeded(ApiError):
    """Codes 10xxx: a quota of the account is used up."""

    usual_hint = "A quota of the account is used up: free some of it, or ask Outscale for more."


class Throttled(ApiError):
    """Codes 6, 24, 25 and HTTP 429: too many requests; nothing was done, so it may be asked again."""

    usual_hint = "The account makes too many requests at a time: retry in a moment."


class ServerError(ApiError):
    """HTTP 5xx: the API failed; it may have acted all the same."""

    usual_hint = "It is Outscale that failed: retry; if it stays so, its support can find the request by its id."
