"""What can go wrong between us and a rack; the text of each is for an operator to read.

Status codes, error codes and their causes are those of the Oxide API (dropshot and omicron).
"""

from __future__ import annotations

from oxtui.service import ServiceError


class OxideError(ServiceError):
    """Base of all errors of this package."""


class CredentialsError(OxideError):
    """No usable host and token were found, or two sources contradict each other."""


class SelectorError(OxideError):
    """A name was given without the project (or other parent) that it is looked up in."""


class TransportError(OxideError):
    """No whole answer came back: DNS, refused, TLS, timeout, connection lost.

    Attributes:
        sent: False when the request certainly never reached the rack, so it may be repeated.
        passing: True when a repetition may well work.
    """

    def __init__(self, message: str, *, sent: bool, passing: bool) -> None:
        super().__init__(message)
        self.sent = sent
        self.passing = passing


class UnreadableReply(OxideError):
    """The rack answered with something that is not the API's."""


class OutcomeUnknown(OxideError):
    """A change was asked for, no answer came, and looking at the rack did not settle it."""


class ApiError(OxideError):
    """The rack refused or failed.

    Attributes:
        status: HTTP status.
        code: The API's `error_code`; None for errors of its HTTP layer.
        message: The rack's own words, without noise of its JSON parser.
        request_id: What support needs to find the request in the rack's logs; None if missing.
        operation: OpenAPI operation id, such as `disk_create`.
        subject: What it was done to, such as `disk "web"`.
        verb: What was done to it, such as `create`.
        hint: What to do next, a sentence or empty.
    """

    def __init__(
        self,
        status: int,
        code: str | None,
        message: str,
        request_id: str | None,
        operation: str,
        subject: str,
        *,
        verb: str = "use",
        hint: str = "",
    ) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.operation = operation
        self.subject = subject
        self.verb = verb
        self.hint = hint
        reference = f"(request id {request_id})" if request_id else ""
        super().__init__(" ".join(part for part in (self._sentence(), hint, reference) if part))

    def _sentence(self) -> str:
        return f"Cannot {self.verb} {self.subject}: {self.message}."


class InvalidRequest(ApiError):
    """400: a limit, a wrong state, contradicting selectors, a malformed body."""


class AlreadyExists(InvalidRequest):
    """400 `ObjectAlreadyExists`: the name is taken."""

    def _sentence(self) -> str:
        subject = self.subject[:1].upper() + self.subject[1:]
        return f"{subject}: the name already exists, choose another or delete the old one first."


class VersionTooNew(InvalidRequest):
    """400: the rack is older than the API version that was asked for."""


class Unauthorized(ApiError):
    """401: the token is missing, wrong or expired."""

    def _sentence(self) -> str:
        return f"Cannot {self.verb} {self.subject}: the rack does not accept the token."


class Forbidden(ApiError):
    """403: the user may see it but not do this."""

    def _sentence(self) -> str:
        return (
            f"Not authorized to {self.verb} {self.subject}: your role allows to see it but not"
            " this; ask an administrator of the project or silo."
        )


class NotFound(ApiError):
    """404 `ObjectNotFound`: it is not there, or the user may not even see it."""

    def _sentence(self) -> str:
        what = self.message.removeprefix("not found: ")
        return f"Cannot {self.verb} {self.subject}: no {what} is there, or you may not see it."


class EndpointMissing(ApiError):
    """404 or 405 without an error code: this API version has no such endpoint."""

    def _sentence(self) -> str:
        return f"Cannot {self.verb} {self.subject}: the rack knows no {self.operation} call."


class Conflict(ApiError):
    """409: the state of the object does not allow it now."""


class Gone(ApiError):
    """410: it was there once."""


class InsufficientCapacity(ApiError):
    """507: a quota or the rack is full, or a pool has no address left."""


class ServiceUnavailable(ApiError):
    """502, 503 or 504: the rack is busy or restarting; the only failure that passes by itself."""

    def _sentence(self) -> str:
        return (
            f"Cannot {self.verb} {self.subject}: the rack is temporarily unavailable"
            f" ({self.status}), try again in a minute."
        )


class ServerError(ApiError):
    """Any other 5xx: the rack failed; the cause is only in its logs."""

    def _sentence(self) -> str:
        return (
            f"Cannot {self.verb} {self.subject}: the rack failed inside ({self.status}) and keeps"
            " the cause in its own logs; give the request id to its support."
        )
