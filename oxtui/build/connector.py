"""Clients for one build: which rack, as whom, and every call told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.component.events import ApiCalled, Event
from oxtui.oxide.credentials import Connection, ConnectionOptions, resolve

if TYPE_CHECKING:
    from oxtui.oxide.calls import ApiCall
    from oxtui.oxide.client import OxideClient


@dataclass(frozen=True, slots=True)
class RackConnector:
    """Opens clients of the rack that a template, the environment or the profile in use names."""

    build: str
    environ: Mapping[str, str]
    config_dir: Path
    connected: Connection | None
    """The rack that the operator already works with."""
    emit: Callable[[Event], None]
    hide: Callable[[str], None]
    now: Callable[[], float]

    @asynccontextmanager
    async def oxide(self, explicit: ConnectionOptions) -> AsyncIterator[OxideClient]:
        """A connected client.

        Raises:
            CredentialsError: no rack is named, or contradictorily.
        """
        from oxtui.oxide.client import OxideClient  # most of a start that only lists sessions

        connection = await asyncio.to_thread(
            resolve, explicit, self.environ, self.config_dir, connected=self.connected
        )
        self.hide(connection.token.reveal())
        async with OxideClient(connection, on_call=self._called) as client:
            yield client

    def _called(self, call: ApiCall) -> None:
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
                command=call.oxide,
                curl=call.curl,
            )
        )
