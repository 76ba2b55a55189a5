"""The client of the Outscale API."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from oxtui import __version__
from oxtui.outscale.calls import ApiCall
from oxtui.outscale.channel import Channel
from oxtui.outscale.collection import Collection, decode
from oxtui.outscale.connection import Connection
from oxtui.outscale.errors import UnreadableReply
from oxtui.outscale.limiter import Limiter
from oxtui.outscale.models.account import Account, Keypair
from oxtui.outscale.models.image import Image
from oxtui.outscale.models.network import Net, PublicIp, SecurityGroup, Subnet
from oxtui.outscale.models.offer import Subregion, VmType
from oxtui.outscale.models.storage import Snapshot, Volume
from oxtui.outscale.models.vm import Vm
from oxtui.outscale.timing import Timing
from oxtui.service.http import OverChannel


class OutscaleClient(OverChannel):
    """An account of a region. Use it as `async with OutscaleClient(connection) as client`.

    Args:
        connection: The account, from `credentials.resolve`.
        on_call: Told of every attempt at a call when it is over.
        transport: Replaces the network, for tests.
        timing: Waits and clocks.
        limiter: Of requests; the account's own where None is given.
    """

    _channel: Channel

    def __init__(
        self,
        connection: Connection,
        *,
        on_call: Callable[[ApiCall], None] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timing: Timing | None = None,
        limiter: Limiter | None = None,
    ) -> None:
        self.connection = connection
        self._channel = channel = Channel(
            connection, user_agent=f"oxtui/{__version__}", timing=timing or Timing(),
            on_call=on_call, transport=transport, limiter=limiter,
        )  # fmt: skip
        self.images = Collection(channel, "ReadImages", "Images", Image, "ImageIds")
        self.vms = Collection(channel, "ReadVms", "Vms", Vm, "VmIds")
        self.volumes = Collection(channel, "ReadVolumes", "Volumes", Volume, "VolumeIds")
        self.snapshots = Collection(channel, "ReadSnapshots", "Snapshots", Snapshot, "SnapshotIds")
        self.nets = Collection(channel, "ReadNets", "Nets", Net, "NetIds")
        self.subnets = Collection(channel, "ReadSubnets", "Subnets", Subnet, "SubnetIds")
        self.security_groups = Collection(
            channel, "ReadSecurityGroups", "SecurityGroups", SecurityGroup, "SecurityGroupIds"
        )
        self.public_ips = Collection(channel, "ReadPublicIps", "PublicIps", PublicIp, "PublicIpIds")
        self.vm_types = Collection(channel, "ReadVmTypes", "VmTypes", VmType, "VmTypeNames")
        self.subregions = Collection(
            channel, "ReadSubregions", "Subregions", Subregion, "SubregionNames"
        )
        self.keypairs = Collection(channel, "ReadKeypairs", "Keypairs", Keypair, "KeypairNames")

    async def call(self, action: str, **body: Any) -> dict[str, Any]:
        """Any action, with the fields of its body; those that are None are left out.

        Raises:
            OutscaleError: the API refused, failed, or gave no answer.
        """
        given = {name: value for name, value in body.items() if value is not None}
        return await self._channel.call(action, given)

    async def account(self) -> Account:
        """The account that the keys belong to.

        Raises:
            AccessDenied: they are not accepted.
        """
        found = (await self.call("ReadAccounts")).get("Accounts") or [{}]
        return decode(Account, found[0], "ReadAccounts")

    async def create_vm(self, body: Mapping[str, Any]) -> Vm:
        """One VM; `body` is that of CreateVms without the counts."""
        reply = await self.call("CreateVms", **body, MinVmsCount=1, MaxVmsCount=1)
        vms = reply.get("Vms") or []
        if not vms:
            raise UnreadableReply("CreateVms: the answer names no VM.")
        return decode(Vm, vms[0], "CreateVms")

    async def create_image(self, body: Mapping[str, Any]) -> Image:
        """An image; `body` is that of CreateImage."""
        return decode(Image, (await self.call("CreateImage", **body)).get("Image"), "CreateImage")

    async def create_volume(self, body: Mapping[str, Any]) -> Volume:
        """A volume; `body` is that of CreateVolume."""
        reply = await self.call("CreateVolume", **body)
        return decode(Volume, reply.get("Volume"), "CreateVolume")

    async def create_snapshot(self, volume_id: str, description: str, token: str) -> Snapshot:
        """A snapshot of a volume; `token` is the client's own for it, so that it may be asked for again."""
        reply = await self.call(
            "CreateSnapshot", VolumeId=volume_id, Description=description, ClientToken=token
        )
        return decode(Snapshot, reply.get("Snapshot"), "CreateSnapshot")

    async def create_keypair(self, name: str, public_key: str) -> Keypair:
        """A key pair of a public key (base64 of its OpenSSH line), so that no private key is sent around."""
        reply = await self.call("CreateKeypair", KeypairName=name, PublicKey=public_key)
        return decode(Keypair, reply.get("Keypair"), "CreateKeypair")

    async def create_security_group(
        self, name: str, description: str, net_id: str
    ) -> SecurityGroup:
        """A security group; of a Net where one is named."""
        reply = await self.call(
            "CreateSecurityGroup",
            SecurityGroupName=name,
            Description=description,
            NetId=net_id or None,
        )
        return decode(SecurityGroup, reply.get("SecurityGroup"), "CreateSecurityGroup")

    async def create_public_ip(self) -> PublicIp:
        """A public IP that nothing is linked to."""
        reply = await self.call("CreatePublicIp")
        return decode(PublicIp, reply.get("PublicIp"), "CreatePublicIp")

    async def console_output(self, vm_id: str) -> bytes:
        """The latest 64 KiB that a VM wrote to its serial port."""
        reply = await self.call("ReadConsoleOutput", VmId=vm_id)
        try:
            return base64.b64decode(reply.get("ConsoleOutput") or "")
        except (ValueError, TypeError):
            raise UnreadableReply("ReadConsoleOutput: the console's text is no base64.") from None

    async def tag(self, ids: Sequence[str], tags: Mapping[str, str]) -> None:
        """Sets tags; nothing is asked where there is none to set."""
        if ids and tags:
            pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
            await self.call("CreateTags", ResourceIds=list(ids), Tags=pairs)
