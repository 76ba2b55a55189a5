"""A call of the API, and the report of what became of it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from oxtui.service import calls as service
from oxtui.service.calls import Attempt

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall(Attempt):
    """The report of one attempt at a call of the API.

    Attributes:
        endpoint: Of the API.
        region: Which the signature names.
        action: Such as `CreateVms`.
    """

    endpoint: str
    region: str
    action: str

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
    return service.presentable(body, _HIDDEN)
