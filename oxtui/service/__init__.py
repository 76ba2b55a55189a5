"""What any service may do to us: the base of the errors of all clients."""

from __future__ import annotations


class ServiceError(Exception):
    """A service refused, failed or gave no answer; the text is for an operator to read.

    Attributes:
        request_id: What support needs to find the request in the service's logs; None where there is none.
    """

    request_id: str | None = None
