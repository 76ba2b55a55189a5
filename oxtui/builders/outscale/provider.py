"""Outscale as a provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from oxtui.component.providers import Demo, Place, ServiceCall
from oxtui.component.resources import ResourceRecord
from oxtui.outscale.connection import ClientCertificate, Connection, ConnectionOptions
from oxtui.outscale.credentials import SECRET_VARIABLES, resolve
from oxtui.outscale.endpoint import of_region
from oxtui.outscale.errors import CredentialsError

if TYPE_CHECKING:
    from oxtui.outscale.client import OutscaleClient


class OutscaleProvider:
    """How Outscale's regions are reached."""

    def secrets(self, environ: Mapping[str, str]) -> Sequence[str]:
        """Secret keys and passwords."""
        return [environ[name] for name in SECRET_VARIABLES if environ.get(name)]

    def resolve(
        self, explicit: ConnectionOptions, environ: Mapping[str, str], connected: Place | None
    ) -> Connection:
        """The account, in the order of `oxtui.outscale.credentials`.

        The one that is worked with goes before the environment and the default profile where the
        template names none: `region` and what else it says hold for that account then.

        Raises:
            CredentialsError: no keys are given anywhere, or what is given cannot be used.
        """
        if connected is None or explicit.access_key or explicit.profile or explicit.endpoint:
            return resolve(explicit, environ)
        known = cast("Connection", connected)
        insecure = known.insecure or explicit.insecure
        if explicit.certificate:
            certificate = ClientCertificate(explicit.certificate, explicit.certificate_key)
        else:
            certificate = known.certificate
        if explicit.region in ("", known.region):
            return replace(known, insecure=insecure, certificate=certificate)
        return replace(
            known, region=explicit.region, endpoint=of_region(explicit.region),
            insecure=insecure, certificate=certificate,
        )  # fmt: skip

    def client(
        self, place: Connection, on_call: Callable[[ServiceCall], None] | None
    ) -> AbstractAsyncContextManager[OutscaleClient]:
        """A client of the account."""
        from oxtui.outscale.client import OutscaleClient

        return OutscaleClient(place, on_call=on_call)

    @asynccontextmanager
    async def reconnect(
        self, record: ResourceRecord, environ: Mapping[str, str], demo: Demo, profile: str
    ) -> AsyncIterator[OutscaleClient]:
        """A client of the account and region that hold the record's resource.

        Raises:
            CredentialsError: there are no keys for it, or those there are belong to another account.
            OutscaleError: it cannot be reached.
        """
        place = record.locator
        asked = ConnectionOptions(
            region=place.get("region", ""),
            endpoint=place.get("host", ""),
            profile=profile or place.get("profile", ""),
            insecure=bool(place.get("insecure")),
            origin="journal",
        )
        connection = await asyncio.to_thread(resolve, asked, environ)
        async with self.client(connection, None) as client:
            found = (await client.account()).account_id
            if place.get("account", found) != found:
                raise CredentialsError(
                    f'"{record.name}" is of account {place["account"]}, and the keys that are found '
                    f"({connection.source['access_key']}) are of {found}. Give those of that account."
                )
            yield client
