"""Clients for one build: of which service, as whom, and every call told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from oxtui.component.events import ApiCalled, Event
from oxtui.component.providers import Place, ServiceCall, provider


def unheard(_event: Event) -> None:
    """For who does not listen to calls."""


@dataclass(frozen=True, slots=True)
class ServiceConnector:
    """Opens clients of the services that a template, the environment or the profile in use names."""

    environ: Mapping[str, str]
    connected: Place | None
    """What the operator already works with."""
    hide: Callable[[str], None]
    now: Callable[[], float]
    build: str = ""
    emit: Callable[[Event], None] = unheard

    @asynccontextmanager
    async def client(self, name: str, explicit: Any) -> AsyncIterator[Any]:
        """A connected client of a provider's service; `explicit` is in the provider's own form.

        Raises:
            ServiceError: no service is named, or contradictorily.
        """
        found = provider(name)
        known = self.connected if self.connected and self.connected.provider == name else None
        place = await asyncio.to_thread(found.resolve, explicit, self.environ, known)
        for secret in place.secrets:
            self.hide(secret)
        async with found.client(place, self._called) as client:
            yield client

    def _called(self, call: ServiceCall) -> None:
        self.emit(
            ApiCalled(
                time=self.now(),
                build=self.build,
                operation=call.operation,
                method=call.method,
                path=call.target,
                status=call.status,
                seconds=call.seconds,
                request_id=call.request_id or "",
                command=call.command,
                curl=call.curl,
            )
        )
