"""Connecting again to the rack on which a resource was made."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from oxtui.component.resources import ResourceRecord
from oxtui.oxide.client import OxideClient
from oxtui.oxide.credentials import Connection, ConnectionOptions, profiles, resolve
from oxtui.oxide.errors import CredentialsError
from oxtui.oxide.host import normalise_host


@dataclass(frozen=True, slots=True)
class Reconnector:
    """Finds the token for a rack that the journal names: the journal itself holds none."""

    environ: Mapping[str, str]
    config_dir: Path
    """Of the `oxide` command's profiles."""
    demo: Callable[[], AbstractAsyncContextManager[Connection]]
    """Runs the demo rack over its kept state."""
    profile: str = ""
    """Chosen by the operator, for the rack that it is for."""

    @asynccontextmanager
    async def __call__(self, record: ResourceRecord) -> AsyncIterator[OxideClient]:
        """A client of the rack that holds the record's resource.

        Raises:
            CredentialsError: there is no token for it.
            OxideError: it cannot be reached.
        """
        if record.locator.get("demo"):
            async with self.demo() as connection, OxideClient(connection) as client:
                yield client
        else:
            async with OxideClient(self._connection(record.locator)) as client:
                yield client

    def _connection(self, place: Mapping[str, str]) -> Connection:
        if not place.get("host"):
            raise CredentialsError("The journal does not tell on which rack it was made.")
        host = normalise_host(place["host"])
        hosts = {profile.name: profile.host for profile in profiles(self.config_dir)}
        if self.profile and self.profile not in hosts:
            raise CredentialsError(f'There is no profile "{self.profile}" in {self.config_dir}.')
        chosen = [
            name for name in (self.profile, place.get("profile", "")) if hosts.get(name) == host
        ]
        if chosen:
            asked = ConnectionOptions(profile=chosen[0])
            environ = {k: v for k, v in self.environ.items() if not k.startswith("OXIDE_")}
        else:
            asked = ConnectionOptions(host=host)
            environ = dict(self.environ)
        if place.get("insecure"):
            asked = replace(asked, insecure=True)
        if place.get("cacert"):
            asked = replace(asked, cacert=Path(place["cacert"]))
        return resolve(asked, environ, self.config_dir)
