"""The client of the Oxide Region API."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from oxtui import __version__
from oxtui.oxide.calls import ApiCall
from oxtui.oxide.channel import Channel
from oxtui.oxide.credentials import Connection
from oxtui.oxide.resources.disks import Disks
from oxtui.oxide.resources.images import Images
from oxtui.oxide.resources.instances import Instances
from oxtui.oxide.resources.networks import (
    Firewall,
    FloatingIps,
    IpPools,
    NetworkInterfaces,
    Subnets,
    Vpcs,
)
from oxtui.oxide.resources.projects import Projects
from oxtui.oxide.resources.session import Session
from oxtui.oxide.resources.snapshots import Snapshots
from oxtui.oxide.resources.ssh_keys import SshKeys
from oxtui.oxide.timing import Timing
from oxtui.service.http import OverChannel


class OxideClient(OverChannel):
    """A rack, as one user sees it. Use it as `async with OxideClient(connection) as client`.

    Args:
        connection: The rack and the token, from `credentials.resolve`.
        on_call: Told of every attempt at a call when it is over.
        transport: Replaces the network, for tests.
        timing: Timeouts and pauses.
    """

    _channel: Channel

    def __init__(
        self,
        connection: Connection,
        *,
        on_call: Callable[[ApiCall], None] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.connection = connection
        self.timing = timing or Timing()
        channel = Channel(
            connection,
            user_agent=f"oxtui/{__version__}",
            timing=self.timing,
            on_call=on_call,
            transport=transport,
        )
        self._channel = channel
        self.projects = Projects(channel)
        self.images = Images(channel)
        self.instances = Instances(channel)
        self.disks = Disks(channel)
        self.snapshots = Snapshots(channel)
        self.ssh_keys = SshKeys(channel)
        self.ip_pools = IpPools(channel)
        self.vpcs = Vpcs(channel)
        self.subnets = Subnets(channel)
        self.firewall_rules = Firewall(channel)
        self.floating_ips = FloatingIps(channel)
        self.network_interfaces = NetworkInterfaces(channel)
        self.session = Session(channel)
