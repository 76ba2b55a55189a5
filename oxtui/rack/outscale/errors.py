"""The errors of the API: status, code and type.

Source: the error table of the API (families 4xxx bad value, 5xxx missing resource, 6xxx wrong state,
9xxx conflict, 10xxx quota), and codes 1 to 25 of its gateway.
"""

from __future__ import annotations

from typing import Any


class OapiError(Exception):
    """A request that is refused. `code`: a string of digits, as the API sends it."""

    def __init__(self, status: int, code: str, kind: str, details: str) -> None:
        super().__init__(f"{code} {kind}: {details}")
        self.status = status
        self.code = code
        self.kind = kind
        self.details = details

    def body(self, request_id: str) -> dict[str, Any]:
        """Return the body of the reply."""
        return {
            "Errors": [{"Code": self.code, "Type": self.kind, "Details": self.details}],
            "ResponseContext": {"RequestId": request_id},
        }


def refused_login(code: str, details: str) -> OapiError:
    """Code 1 and 9: 401, access denied; 8 and 10, a wrong or a missing header: 403."""
    return OapiError(403 if code in ("8", "10") else 401, code, "AccessDenied", details)


def throttled(code: str) -> OapiError:
    """Code 6, the platform's limit: 503; 24, the account's, and 25, that of the call: 429."""
    limit = {"6": "the platform", "24": "the account", "25": "this call of the account"}[code]
    status = 503 if code == "6" else 429
    return OapiError(status, code, "RequestLimitExceeded", f"too many requests for {limit}")


def invalid(code: str, details: str) -> OapiError:
    """4xxx: a value that cannot be."""
    return OapiError(400, code, "InvalidParameterValue", details)


def missing_parameter(details: str) -> OapiError:
    """7000: a parameter is missing."""
    return OapiError(400, "7000", "MissingParameter", details)


def unknown_parameter(details: str) -> OapiError:
    """3001: a parameter that the action does not have."""
    return OapiError(400, "3001", "InvalidParameter", details)


def no_such(code: str, details: str) -> OapiError:
    """5xxx: a resource that is not there, or not for this account."""
    return OapiError(400, code, "InvalidResource", details)


def wrong_state(code: str, details: str) -> OapiError:
    """6xxx: the resource's state does not allow it."""
    return OapiError(400, code, "InvalidState", details)


def conflict(code: str, details: str) -> OapiError:
    """9xxx: 409, another resource is in the way."""
    return OapiError(409, code, "ResourceConflict", details)


def quota(code: str, details: str) -> OapiError:
    """10xxx: there are too many already."""
    return OapiError(400, code, "TooManyResources (QuotaExceded)", details)


def not_simulated(what: str) -> OapiError:
    """What the API can do and this simulation cannot: an error, never a silent difference."""
    return OapiError(400, "0", "OperationNotSupported", f"the simulated Outscale has no {what}")


def internal() -> OapiError:
    """2000: the reason is in the rack's log."""
    return OapiError(500, "2000", "InternalError", "the request failed; the rack's log says why")
