"""The resource kinds of Outscale: how each is found again and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, ClassVar

from oxtui.builders.outscale.locator import command_line
from oxtui.builders.outscale.waiting import once_free, watched
from oxtui.component.errors import StepError
from oxtui.component.resources import ResourceRecord, Verdict
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.errors import (
    ApiError,
    NotFound,
    OutscaleError,
    ServerError,
    TransportError,
)

STATE_SECONDS = 600.0
"""How long a state is waited for; a guest may take minutes to stop."""


class OutscaleKind:
    """What all kinds have in common but finding; `action` deletes one, whose id is the field `field`."""

    name: ClassVar[str]
    title: ClassVar[str]
    order: ClassVar[int]
    action: ClassVar[str]
    field: ClassVar[str]
    is_machine: ClassVar[bool] = False
    at_once: ClassVar[bool] = False

    def __init__(self, state_seconds: float = STATE_SECONDS) -> None:
        self._state_seconds = state_seconds

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> None:
        """Delete it, once nothing is in the way; no error if it is gone.

        Raises:
            OutscaleError: it is still there, or nobody knows.
        """
        try:
            await once_free(
                lambda: service.call(self.action, **{self.field: self._wire(record.id)}),
                seconds=self._state_seconds,
            )
        except NotFound:
            return

    def verdict(self, error: BaseException) -> Verdict:
        """A refusal proves that nothing was made; a failure or a lost answer proves nothing."""
        match error:
            case TransportError():
                return "unknown" if error.sent else "absent"
            case ServerError():  # a gateway's 502 or 504 is no answer of the API
                return "unknown" if error.status in (502, 504) else "answered"
            case ApiError():
                return "absent"
        return "unknown"

    def command(self, record: ResourceRecord) -> str:
        """The call that deletes it, with curl; without an id there is none to name."""
        if not record.id:
            return f"oxtui sweep --session {record.session} --yes"
        return command_line(record, self.action, **{self.field: self._wire(record.id)})

    def cost(self, record: ResourceRecord) -> str:
        """Nothing worth telling."""
        return ""

    def _wire(self, id: str) -> Any:  # noqa: A002 - the field's own word
        return id


def _first(found: Sequence[str]) -> str | None:
    return found[0] if found else None


class ImageKind(OutscaleKind):
    """An image that a build did not get to hand over, with the snapshots that were made for it."""

    name = "outscale.image"
    title = "image"
    order = 10
    action = "DeleteImage"
    field = "ImageId"

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """By its name among the account's own, which no two images of an account share."""
        if record.id:
            found = await service.images.find(record.id)
            return None if found is None else found.image_id
        filters = {"ImageNames": [record.name], "AccountIds": [record.locator.get("account", "")]}
        images = await service.images.list(filters)
        return _first([image.image_id for image in images if image.image_name == record.name])

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> None:
        """The image, then its snapshots, which a failure in between leaves to nobody: they are read first."""
        image = await service.images.find(record.id)
        await super().delete(service, record)
        if image is not None and not record.locator.get("given_snapshots"):
            for snapshot in image.snapshot_ids:
                await delete_snapshot(service, snapshot, self._state_seconds)

    def cost(self, record: ResourceRecord) -> str:
        """The snapshots behind it."""
        return "storage of its snapshots"


async def delete_snapshot(service: OutscaleClient, snapshot: str, seconds: float) -> None:
    """Deletes a snapshot, once the image that used it is gone.

    Raises:
        OutscaleError: it is still there, or nobody knows.
    """
    try:
        await once_free(
            lambda: service.call("DeleteSnapshot", SnapshotId=snapshot), seconds=seconds
        )
    except NotFound:
        return


class SnapshotKind(OutscaleKind):
    """The snapshot of a volume, whose image was not made, or goes with it."""

    name = "outscale.snapshot"
    title = "snapshot"
    order = 15
    action = "DeleteSnapshot"
    field = "SnapshotId"

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """By the token of its creation, where the id is not known."""
        token = record.locator.get("token", "")
        filters = {"SnapshotIds": [record.id]} if record.id else {"ClientTokens": [token]}
        return _first([each.snapshot_id for each in await service.snapshots.list(filters)])

    def cost(self, record: ResourceRecord) -> str:
        """Storage."""
        return "storage"


class VmKind(OutscaleKind):
    """The temporary VM, with the volumes that outlive it and that nobody asked for."""

    name = "outscale.vm"
    title = "VM"
    order = 20
    action = "DeleteVms"
    field = "VmIds"
    is_machine = True

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """By the token of its creation, where the id is not known."""
        filters = (
            {"VmIds": [record.id]} if record.id else {"ClientTokens": [record.locator["token"]]}
        )
        vms = await service.vms.list(filters)
        return _first([vm.vm_id for vm in vms if vm.state != "terminated"])

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> None:
        """The VM, until it is terminated; then its volumes, but for those that the template maps."""
        vm = await service.vms.find(record.id)
        if vm is None:
            return
        if vm.state != "terminated":
            await super().delete(service, record)

        async def gone() -> bool | None:
            now = await service.vms.find(record.id)
            return True if now is None or now.state == "terminated" else None

        try:
            await watched(gone, limit=self._state_seconds, what=f"VM {record.id} is not terminated")
        except StepError as error:
            raise OutscaleError(str(error)) from None
        kept = record.locator.get("kept_devices", "").split()
        for device in vm.block_device_mappings:
            if device.bsu is not None and device.device_name not in kept:
                await delete_volume(service, device.bsu.volume_id, self._state_seconds)

    def cost(self, record: ResourceRecord) -> str:
        """What is paid for."""
        return f"a {record.locator.get('vm_type', 'VM')} while it runs, its volumes"

    def _wire(self, id: str) -> Any:  # noqa: A002
        return [id]


async def delete_volume(service: OutscaleClient, volume: str, seconds: float) -> None:
    """Deletes a volume, once the VM that had it is gone; most go with the VM.

    Raises:
        OutscaleError: it is still there, or nobody knows.
    """
    found = await service.volumes.find(volume)
    if found is None or found.state == "deleting":
        return
    try:
        await once_free(lambda: service.call("DeleteVolume", VolumeId=volume), seconds=seconds)
    except NotFound:
        return


class VolumeKind(OutscaleKind):
    """A volume of the VM that nobody asked for by itself; its name is its id."""

    name = "outscale.volume"
    title = "volume"
    order = 30
    action = "DeleteVolume"
    field = "VolumeId"

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """By its id."""
        found = await service.volumes.find(record.id or record.name)
        return None if found is None or found.state == "deleting" else found.volume_id

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> None:
        """What the VM did not take along."""
        await delete_volume(service, record.id, self._state_seconds)

    def cost(self, record: ResourceRecord) -> str:
        """Storage."""
        return "storage"


class SecurityGroupKind(OutscaleKind):
    """The temporary security group, which a VM that is not quite gone may still use."""

    name = "outscale.security_group"
    title = "security group"
    order = 40
    action = "DeleteSecurityGroup"
    field = "SecurityGroupId"

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """By its name and its description, which names the run."""
        if record.id:
            filters: dict[str, Any] = {"SecurityGroupIds": [record.id]}
        else:
            filters = {"SecurityGroupNames": [record.name]}
        told = record.locator.get("description", "")
        groups = await service.security_groups.list(filters)
        return _first([g.security_group_id for g in groups if record.id or g.description == told])


class PublicIpKind(OutscaleKind):
    """The public IP of the VM."""

    name = "outscale.public_ip"
    title = "public IP"
    order = 50
    action = "DeletePublicIp"
    field = "PublicIpId"

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """By its id alone: CreatePublicIp takes neither name nor token.

        Raises:
            OutscaleError: the id is not known.
        """
        if not record.id:
            raise OutscaleError(
                "CreatePublicIp got no answer, and the API cannot tell which public IP it made, if any. Look "
                "for one that is linked to nothing and has no tags, and delete it by hand."
            )
        found = await service.public_ips.find(record.id)
        return None if found is None else found.public_ip_id

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> None:
        """Unlinked first, where a VM still has it."""
        found = await service.public_ips.find(record.id)
        if found is not None and found.link_public_ip_id:
            with suppress(NotFound):
                await service.call("UnlinkPublicIp", LinkPublicIpId=found.link_public_ip_id)
        await super().delete(service, record)

    def cost(self, record: ResourceRecord) -> str:
        """An address is paid for while nothing uses it."""
        return "a public IP of the account's quota"


class KeypairKind(OutscaleKind):
    """The public half of the temporary key; its id is its name."""

    name = "outscale.keypair"
    title = "key pair"
    order = 60
    action = "DeleteKeypair"
    field = "KeypairName"

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """By its name, which no two key pairs share."""
        found = await service.keypairs.find(record.name)
        return None if found is None else found.keypair_name
