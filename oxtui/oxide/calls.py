"""A call of the API: what is asked, and the report of what became of it."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from oxtui.oxide.timing import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


_HIDDEN = {"user_data", "base64_encoded_data"}
"""Fields of bodies that may hold secrets or megabytes; reports give their length only."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to be made.

    Attributes:
        operation: OpenAPI operation id.
        verb: What an operator calls it, such as `create`.
        subject: What it is done to, such as `disk "web"`.
        method: HTTP method.
        path: Path below the host, its parts already quoted.
        kind: Decides the timeout.
        params: Query parameters.
        body: JSON object, or None.
    """

    operation: str
    verb: str
    subject: str
    method: str
    path: str
    kind: Kind = Kind.READ
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    @property
    def action(self) -> str:
        """What an operator calls it, such as `create disk "web"`."""
        return f"{self.verb} {self.subject}"

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.params)}" if self.params else self.path


@dataclass(frozen=True, slots=True)
class ApiCall:
    """The report of one attempt.

    Attributes:
        host: The rack.
        operation: OpenAPI operation id.
        method: HTTP method.
        target: Path and query.
        body: What was sent, with secrets and bulk data replaced by their length; None if nothing.
        started: UTC.
        seconds: Until the whole answer was there, or the failure.
        attempt: 1 for the first, more for repetitions.
        status: HTTP status; None when no answer came.
        request_id: From the answer.
        error: What an operator would be told, if it failed.
    """

    host: str
    operation: str
    method: str
    target: str
    body: Mapping[str, Any] | None
    started: datetime
    seconds: float
    attempt: int
    status: int | None = None
    request_id: str | None = None
    error: str | None = None

    @property
    def command(self) -> str:
        """The same call with the `oxide` command."""
        words = ["oxide", "api", self.target]
        if self.method != "GET":
            words += ["--method", self.method]
        if self.body is None:
            return shlex.join(words)
        text = shlex.quote(json.dumps(self.body))
        return f"printf %s {text} | {shlex.join([*words, '--input', '-'])}"

    @property
    def curl(self) -> str:
        """The same call with curl; the token is left to the shell."""
        words = ["curl", "--request", self.method, self.host + self.target]
        if self.body is not None:
            words += ["--json", json.dumps(self.body)]
        return f'{shlex.join(words)} --header "Authorization: Bearer $OXIDE_TOKEN"'


def presentable(body: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """A body without what a report must not hold."""
    if body is None or not _HIDDEN & body.keys():
        return body
    return {
        key: f"<{len(value)} characters>" if key in _HIDDEN and value else value
        for key, value in body.items()
    }
