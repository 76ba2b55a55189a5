"""A call of the API: what is asked, and the report of what became of it."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from oxtui.oxide.timing import Kind
from oxtui.service import calls as service
from oxtui.service.calls import Attempt

if TYPE_CHECKING:
    from collections.abc import Mapping


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall(Attempt):
    """The report of one attempt at a call of a rack.

    Attributes:
        host: The rack.
        operation: OpenAPI operation id.
        method: HTTP method.
        target: Path and query.
    """

    host: str
    operation: str
    method: str
    target: str

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
    return None if body is None else service.presentable(body, _HIDDEN)
