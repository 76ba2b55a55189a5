"""A simulated Outscale in the test's own process, without guests."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from oxtui.rack import faults
from oxtui.rack.latency import Latency
from oxtui.rack.outscale.application import Application
from oxtui.rack.outscale.cloud import Cloud, open_cloud
from oxtui.rack.outscale.faults import OUTSCALE
from oxtui.rack.outscale.leftovers import leftovers
from oxtui.rack.outscale.seed import seed
from oxtui.rack.outscale.store import open_store
from tests.rack.fake_hypervisor import FakeHypervisor
from tests.rack.outscale.client import Client
from tests.rack.site import Clock


class FakeHost(FakeHypervisor):
    """Public addresses are loopback ports of any number."""

    ssh_port = 22

    def bind(self, address: str) -> socket.socket:
        return socket.create_server(("127.0.0.1", 0))


@dataclass
class Site(Client):
    """A cloud and how to talk to it."""

    cloud: Cloud
    host: FakeHost
    clock: Clock
    http: httpx.AsyncClient

    def __post_init__(self) -> None:
        account = self.cloud.account
        super().__init__(
            self.http,
            "http://api.test/api/v1",
            access_key=account.access_key,
            secret_key=account.secret_key,
            clock=self.clock,
        )

    def leftovers(self) -> set[str]:
        """The kinds of what is left beside the seeds, by the prefix of their ids."""
        return {each.partition("-")[0] for each in leftovers(self.cloud.store)}


@contextlib.asynccontextmanager
async def site(
    folder: Path,
    *specs: str,
    host: FakeHost | None = None,
    latency: Latency | None = None,
    loop_devices: bool = False,
) -> AsyncIterator[Site]:
    """Open a cloud in a folder, with these faults."""
    clock = Clock()
    host = host or FakeHost()
    with open_store(folder) as store:
        account = await seed(store, host.disks, clock)
        async with open_cloud(
            store,
            host,
            account,
            loop_devices=loop_devices,
            faults=faults.parse(list(specs), OUTSCALE),
            latency=latency or Latency(),
            clock=clock,
        ) as cloud:
            transport = httpx.ASGITransport(Application(cloud))
            async with httpx.AsyncClient(transport=transport) as http:
                yield Site(cloud, host, clock, http)
