"""Oxide racks as a provider."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, cast

from oxtui.component.providers import Demo, Place, ServiceCall
from oxtui.component.resources import ResourceRecord
from oxtui.oxide.credentials import Connection, ConnectionOptions, default_config_dir, resolve

if TYPE_CHECKING:
    from oxtui.oxide.client import OxideClient


class OxideProvider:
    """How racks are reached."""

    def secrets(self, environ: Mapping[str, str]) -> Sequence[str]:
        """The token."""
        token = environ.get("OXIDE_TOKEN")
        return [token] if token else []

    def resolve(
        self, explicit: ConnectionOptions, environ: Mapping[str, str], connected: Place | None
    ) -> Connection:
        """The rack, in the order of the `oxide` command.

        Raises:
            CredentialsError: no rack is named, or contradictorily.
        """
        known = cast("Connection | None", connected)
        return resolve(explicit, environ, default_config_dir(environ), connected=known)

    def client(
        self, place: Connection, on_call: Callable[[ServiceCall], None] | None
    ) -> AbstractAsyncContextManager[OxideClient]:
        """A client of the rack."""
        from oxtui.oxide.client import OxideClient  # most of a start that only lists sessions

        return OxideClient(place, on_call=on_call)

    def reconnect(
        self, record: ResourceRecord, environ: Mapping[str, str], demo: Demo, profile: str
    ) -> AbstractAsyncContextManager[OxideClient]:
        """A client of the rack that holds the record's resource.

        Raises:
            CredentialsError: there is no token for it.
        """
        from oxtui.builders.oxide.reconnect import Reconnector

        return Reconnector(environ, default_config_dir(environ), demo, profile)(record)
