"""A call of the API, and the report of what became of it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

_HIDDEN = frozenset(("UserData",))
"""Fields of bodies that may hold secrets; reports give their length only."""


def may_repeat(action: str, body: Mapping[str, Any]) -> bool:
    """Whether a call whose answer was lost can be made again and does nothing twice.

    Creations and links are made once, but for those that carry a token by which the API knows them again;
    tags of the same keys and values are the same tags.
    """
    if action == "CreateTags" or "ClientToken" in body:
        return True
    return not action.startswith(("Create", "Link"))


@dataclass(frozen=True, slots=True)
class ApiCall:
    """The report of one attempt.

    Attributes:
        endpoint: Of the API.
        region: Which the signature names.
        action: Such as `CreateVms`.
        body: What was sent, with what may be secret replaced by its length.
        started: UTC.
        seconds: Until the whole answer was there, or the failure.
        attempt: 1 for the first, more for repetitions.
        status: HTTP status; None when no answer came.
        request_id: From the answer.
        error: What an operator would be told, if it failed.
    """

    endpoint: str
    region: str
    action: str
    body: Mapping[str, Any]
    started: datetime
    seconds: float
    attempt: int
    status: int | None = None
    request_id: str | None = None
    error: str | None = None

    @property
    def operation(self) -> str:
        """The action."""
        return self.action

    @property
    def target(self) -> str:
        """The path."""
        return f"{urlsplit(self.endpoint).path}/{self.action}"

    @property
    def command(self) -> str:
        """The same call; curl signs as Outscale's own command does."""
        return self.curl

    @property
    def method(self) -> str:
        """All calls are this."""
        return "POST"

    @property
    def curl(self) -> str:
        """The same call with curl, which can sign it; the keys are left to the shell."""
        words = [
            "curl", "--aws-sigv4", f"osc:osc:{self.region}:api", "--header",
            "Content-Type: application/json", "--data", json.dumps(self.body),
            f"{self.endpoint}/{self.action}",
        ]  # fmt: skip
        return f'{shlex.join(words)} --user "$OSC_ACCESS_KEY:$OSC_SECRET_KEY"'


def presentable(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A body without what a report must not hold."""
    return {
        key: f"<{len(value)} characters>" if key in _HIDDEN and value else value
        for key, value in body.items()
    }
