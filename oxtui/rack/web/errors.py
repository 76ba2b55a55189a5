"""The errors of the API: status, message and code as the control plane sends them.

Source: Dropshot's error body and omicron's `common/src/api/external/error.rs`. Errors of the
framework itself (parsing, routing, versions) have no code.
"""

from __future__ import annotations

from http import HTTPStatus

CODES = {
    400: "InvalidRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "ObjectNotFound",
    409: "Conflict",
    410: "Gone",
    500: "Internal",
    503: "ServiceNotAvailable",
    507: "InsufficientCapacity",
}
_FIXED_MESSAGES = {
    401: "credentials missing or invalid",
    403: "Forbidden",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class ApiError(Exception):
    """An error reply. `message` goes to the client as it is."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = headers or {}

    def body(self, request_id: str) -> dict[str, str]:
        """Return the JSON body."""
        body = {"request_id": request_id, "message": self.message}
        if self.code is not None:
            body["error_code"] = self.code
        return body


class NotFoundError(ApiError):
    """404: there is no such object, or the caller may not see it."""

    def __init__(self, what: str) -> None:
        super().__init__(404, f"not found: {what}", "ObjectNotFound")


def of_status(status: int) -> ApiError:
    """Return the error that the control plane sends with a status when it gives no details."""
    message = _FIXED_MESSAGES.get(status, HTTPStatus(status).phrase)
    return ApiError(status, message, CODES.get(status))


def bad_request(message: str) -> ApiError:
    """400 from the framework: the request could not be understood."""
    return ApiError(400, message)


def invalid_request(message: str) -> ApiError:
    """400: a limit, a wrong state or a contradiction."""
    return ApiError(400, message, "InvalidRequest")


def invalid_value(label: str, message: str) -> ApiError:
    """400: a value that the API understands but does not support."""
    return ApiError(400, f'unsupported value for "{label}": {message}', "InvalidValue")


def already_exists(kind: str, name: str) -> ApiError:
    """400: the name is taken (the API has no 409 for this)."""
    return ApiError(400, f'already exists: {kind} "{name}"', "ObjectAlreadyExists")


def not_found_name(kind: str, name: str) -> NotFoundError:
    """404 for a look-up by name."""
    return NotFoundError(f'{kind} with name "{name}"')


def not_found_id(kind: str, identifier: str) -> NotFoundError:
    """404 for a look-up by id."""
    return NotFoundError(f'{kind} with id "{identifier}"')


def conflict(message: str) -> ApiError:
    """409: the object's state forbids it now."""
    return ApiError(409, message, "Conflict")


def unauthorized() -> ApiError:
    """401: no token, an unknown one, or an expired one."""
    return of_status(401)


def internal() -> ApiError:
    """500: the reason is in the rack's own log only."""
    return of_status(500)


def insufficient_capacity(message: str) -> ApiError:
    """507: a quota or a pool is used up."""
    return ApiError(507, f"Insufficient capacity: {message}", "InsufficientCapacity")
