"""The resource kinds of the VM and of what it is reached by: how each is found again and deleted."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from oxtui.builders.outscale.kind import OutscaleKind, first
from oxtui.builders.outscale.names import BUILD_TAG
from oxtui.builders.outscale.storage import delete_volume
from oxtui.builders.outscale.waiting import watched
from oxtui.component.errors import StepError
from oxtui.component.resources import ResourceRecord
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.errors import NotFound, OutscaleError
from oxtui.outscale.models.vm import Vm


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
        return first([vm.vm_id for vm in vms if vm.state != "terminated"])

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> bool:
        """The VM, until it is terminated; then its volumes, but for those that the template maps."""
        vm = await service.vms.find(record.id)
        if vm is None:
            return False
        kept = await self._kept(service, record, vm)
        if vm.state != "terminated":
            await super().delete(service, record)

        async def gone() -> bool | None:
            now = await service.vms.find(record.id)
            return True if now is None or now.state == "terminated" else None

        try:
            await watched(gone, limit=self._state_seconds, what=f"VM {record.id} is not terminated")
        except StepError as error:
            raise OutscaleError(str(error)) from None
        for device in vm.block_device_mappings:
            if device.bsu is not None and device.bsu.volume_id not in kept:
                await delete_volume(service, device.bsu.volume_id, self._state_seconds)
        return vm.state != "terminated"

    async def _kept(self, service: OutscaleClient, record: ResourceRecord, vm: Vm) -> set[str]:
        """Ids of volumes that are not the VM's to take along: they have records of their own in the journal.

        Those that got none have no tag of the build yet either: they were made right before it was cut off.
        """
        names = record.locator.get("kept_devices", "").split()
        kept = set()
        for device in vm.block_device_mappings:
            if device.bsu is not None and device.device_name in names:
                volume = await service.volumes.find(device.bsu.volume_id)
                if volume is not None and BUILD_TAG in volume.labels:
                    kept.add(volume.volume_id)
        return kept

    def cost(self, record: ResourceRecord) -> str:
        """What is paid for."""
        return f"a {record.locator.get('vm_type', 'VM')} while it runs, its volumes"

    def _wire(self, id: str) -> Any:  # noqa: A002
        return [id]


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
        return first([g.security_group_id for g in groups if record.id or g.description == told])


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

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> bool:
        """Unlinked first, where a VM still has it."""
        found = await service.public_ips.find(record.id)
        if found is not None and found.link_public_ip_id:
            with suppress(NotFound):
                await service.call("UnlinkPublicIp", LinkPublicIpId=found.link_public_ip_id)
        return await super().delete(service, record)

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
