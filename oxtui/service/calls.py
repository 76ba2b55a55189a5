"""The report of what became of one attempt at a call, whatever the service."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The report of one attempt.

    Attributes:
        body: What was sent, with secrets and bulk data replaced by their length; None if nothing.
        started: UTC.
        seconds: Until the whole answer was there, or the failure.
        attempt: 1 for the first, more for repetitions.
        status: HTTP status; None when no answer came.
        request_id: From the answer.
        error: What an operator would be told, if it failed.
    """

    body: Mapping[str, Any] | None
    started: datetime
    seconds: float
    attempt: int
    status: int | None = None
    request_id: str | None = None
    error: str | None = None


def presentable(body: Mapping[str, Any], hidden: Set[str]) -> Mapping[str, Any]:
    """A body without what a report must not hold: the fields `hidden`, of which it gives the length."""
    return {
        key: f"<{len(value)} characters>" if key in hidden and value else value
        for key, value in body.items()
    }
