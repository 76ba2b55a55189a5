"""What holds the resources of a build that its builder does not: those that post-processors made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from oxtui.component.errors import StepError
from oxtui.component.resources import Connect, ResourceRecord


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Gives a ledger what is open already, else opens it as any process can that did not make the resource."""

    reconnect: Connect
    _opened: dict[str, dict[str, Any]] = field(default_factory=dict)

    def opened(self, provider: str) -> dict[str, Any]:
        """By host, what the build has open of a provider; whoever opens something adds it."""
        return self._opened.setdefault(provider, {})

    @asynccontextmanager
    async def __call__(self, record: ResourceRecord) -> AsyncIterator[Any]:
        """The service that holds the record's resource.

        Raises:
            UnknownProvider: it is of a provider that this oxtui does not know.
            ServiceError: there are no keys for it, or it cannot be reached.
        """
        known = self.opened(record.provider).get(record.locator.get("host", ""))
        if known is not None:
            yield known
            return
        async with self.reconnect(record) as service:
            yield service


def no_demo() -> NoReturn:
    """A build does not start the demo rack to clean up: on that works its builder alone.

    Raises:
        StepError: always.
    """
    raise StepError("It is on the demo rack, and `oxtui sweep` starts that to remove it.")
