"""A rack in the test's own process, without guests, and a client whose traffic is checked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from oxtui.rack import faults
from oxtui.rack.api.operations import application
from oxtui.rack.latency import Latency
from oxtui.rack.login import new_secret
from oxtui.rack.rack import Rack, open_rack
from oxtui.rack.seeds.choice import ip_pools, pool_addresses, seed
from oxtui.rack.seeds.planting import IpPools
from oxtui.rack.store.database import open_store
from oxtui.rack.web.version import SERVER_VERSION
from tests.rack.conformance import CheckedTransport
from tests.rack.fake_hypervisor import FakeHypervisor

GIB = 1024**3


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = datetime(2026, 9, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(microseconds=1)
        return self.time


@dataclass
class Site:
    """A rack and how to talk to it."""

    rack: Rack
    hypervisor: FakeHypervisor
    clock: Clock
    transport: CheckedTransport
    token: str
    client: httpx.AsyncClient = field(repr=False)

    async def get(self, path: str, **query: Any) -> Any:
        """Return the body of a reply that must be a success."""
        return (await self.ok("GET", path, **query)).json()

    async def post(self, path: str, body: Any = None, **query: Any) -> Any:
        """Return the body of a reply that must be a success."""
        response = await self.ok("POST", path, body, **query)
        return response.json() if response.content else None

    async def delete(self, path: str, **query: Any) -> None:
        """Delete something, which must succeed."""
        await self.ok("DELETE", path, **query)

    async def ok(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """Return a reply that must be a success."""
        response = await self.client.request(method, path, json=body, params=query or None)
        assert response.is_success, (method, path, response.status_code, response.text)
        return response

    async def refused(
        self, method: str, path: str, body: Any = None, **query: Any
    ) -> tuple[int, str | None, str]:
        """Return status, error code and message of a reply that must be an error."""
        response = await self.client.request(method, path, json=body, params=query or None)
        assert response.is_error, (method, path, response.status_code, response.text)
        error = response.json()
        return response.status_code, error.get("error_code"), error["message"]

    async def settled(self, instance: str, state: str) -> Any:
        """Return an instance once it is in a state."""
        async with asyncio.timeout(60):
            while True:
                shown = await self.get(f"/v1/instances/{instance}")
                if shown["run_state"] == state:
                    return shown

    async def project(self, name: str = "p") -> str:
        """Make a project and return its name."""
        await self.post("/v1/projects", {"name": name, "description": ""})
        return name

    async def silo_image(self, name: str = "ubuntu-24-04") -> Any:
        """Return a silo image."""
        return await self.get(f"/v1/images/{name}")

    async def disk(self, project: str, name: str, size: int = 4 * GIB, **source: Any) -> Any:
        """Make a disk; blank unless told otherwise."""
        source = source or {"type": "blank", "block_size": 512}
        backend = {"type": "distributed", "disk_source": source}
        body = {"name": name, "description": "", "size": size, "disk_backend": backend}
        return await self.post("/v1/disks", body, project=project)

    async def instance(self, project: str, name: str, **changes: Any) -> Any:
        """Make an instance from the Ubuntu image; it is started unless told otherwise."""
        return await self.post("/v1/instances", await self.new(name, **changes), project=project)

    async def new(self, name: str, **changes: Any) -> dict[str, Any]:
        """Return the body of an instance's create."""
        image = await self.silo_image()
        source = {"type": "image", "image_id": image["id"]}
        body = {
            "name": name,
            "description": "",
            "hostname": name,
            "ncpus": 1,
            "memory": GIB,
            "boot_disk": {
                "type": "create",
                "name": name,
                "description": "",
                "size": 4 * GIB,
                "disk_backend": {"type": "distributed", "disk_source": source},
            },
        }
        return {**body, **changes}


@contextlib.asynccontextmanager
async def site(
    folder: Path,
    *specs: str,
    seeded: str | None = "empty",
    pools: IpPools | None = None,
    latency: Latency | None = None,
    hypervisor: FakeHypervisor | None = None,
) -> AsyncIterator[Site]:
    """Open a rack in a folder, with these faults."""
    clock = Clock()
    host = hypervisor or FakeHypervisor()
    pace = latency or Latency()
    with open_store(folder) as store:
        chosen = ip_pools(store, pools)
        await seed(store, host.disks, clock, seeded, chosen)
        async with open_rack(
            store,
            host,
            addresses=pool_addresses(host.addresses, ("::1",), chosen),
            faults=faults.parse(list(specs)),
            latency=pace,
            clock=clock,
        ) as rack:
            token = new_secret()
            rack.login.issue(token)
            transport = CheckedTransport(httpx.ASGITransport(application(rack)))
            headers = {"Authorization": f"Bearer {token}", "API-Version": SERVER_VERSION}
            async with httpx.AsyncClient(
                transport=transport, base_url="http://rack", headers=headers
            ) as client:
                yield Site(rack, host, clock, transport, token, client)
