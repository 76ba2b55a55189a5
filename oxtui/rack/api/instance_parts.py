"""What belongs to an instance: disks, keys, external addresses, groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from oxtui.rack.api.addresses import floating_ip_view
from oxtui.rack.api.disks import disk_view
from oxtui.rack.api.instances import find_instance
from oxtui.rack.api.keys import ssh_key_view
from oxtui.rack.instance_create import add_ephemeral_ip, attach_disk
from oxtui.rack.parameters.common import OptionalProject, OptionalProjectScan
from oxtui.rack.parameters.disks import DiskPath
from oxtui.rack.parameters.instances import EphemeralIpCreate
from oxtui.rack.web import errors
from oxtui.rack.web.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.store.records import Disk, EphemeralIp
    from oxtui.rack.web.operation import Call


class EphemeralSelector(OptionalProject):
    """The query of an ephemeral address's detach."""

    ip_version: Literal["v4", "v6"] | None = None


class InstancePartsApi:
    """Operations on what belongs to an instance."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        instance = "/v1/instances/{instance}"
        disks, ephemeral = instance + "/disks", instance + "/external-ips/ephemeral"
        keys, groups = instance + "/ssh-public-keys", instance + "/anti-affinity-groups"
        return (
            Operation("instance_disk_list", "GET", disks, self.list_disks),
            Operation(
                "instance_disk_attach", "POST", disks + "/attach", self.attach_disk, status=202
            ),
            Operation(
                "instance_disk_detach", "POST", disks + "/detach", self.detach_disk, status=202
            ),
            Operation("instance_ssh_public_key_list", "GET", keys, self.list_keys),
            Operation("instance_anti_affinity_group_list", "GET", groups, self.list_groups),
            Operation(
                "instance_external_ip_list", "GET", instance + "/external-ips", self.list_addresses
            ),
            Operation(
                "instance_ephemeral_ip_attach", "POST", ephemeral, self.attach_address, status=202
            ),
            Operation(
                "instance_ephemeral_ip_detach", "DELETE", ephemeral, self.detach_address, status=204
            ),
        )

    async def list_disks(self, call: Call) -> dict[str, Any]:
        """List the attached disks."""
        _, page = call.scan(OptionalProjectScan)
        instance = find_instance(self._rack, call)
        return page.of(self._rack.store.disks, disk_view, instance_id=instance.id)

    async def attach_disk(self, call: Call) -> dict[str, Any]:
        """Attach a disk to a stopped instance."""
        instance = find_instance(self._rack, call)
        request = call.body(DiskPath)
        disk = self._rack.lookup.disk_within(request.disk, instance.project_id)
        if instance.run_state not in ("stopped", "creating"):
            raise errors.invalid_request(
                f'cannot attach disk "{disk.name}" to instance in state "{instance.run_state}"'
            )
        return disk_view(attach_disk(self._rack, disk, instance))

    async def detach_disk(self, call: Call) -> dict[str, Any]:
        """Detach a disk that is not the boot disk from a stopped instance."""
        instance = find_instance(self._rack, call)
        request = call.body(DiskPath)
        disk = self._rack.lookup.disk_within(request.disk, instance.project_id)
        if disk.id == instance.boot_disk_id:
            raise errors.conflict("boot disk cannot be detached")
        if disk.instance_id != instance.id:
            raise errors.invalid_request(f'disk "{disk.name}" is not attached to this instance')
        if instance.run_state not in ("stopped", "failed", "creating"):
            raise errors.invalid_request(
                f'cannot detach disk "{disk.name}" from instance in state "{instance.run_state}"'
            )
        return disk_view(self._detached(disk))

    async def list_keys(self, call: Call) -> dict[str, Any]:
        """List the keys that the instance was created with."""
        _, page = call.scan(OptionalProjectScan)
        instance = find_instance(self._rack, call)
        table = self._rack.store.instance_ssh_keys
        return page.of(table, ssh_key_view, instance_id=instance.id)

    async def list_groups(self, call: Call) -> dict[str, Any]:
        """List the instance's anti-affinity groups: this rack makes none."""
        _, page = call.scan(OptionalProjectScan)
        find_instance(self._rack, call)
        return page.render([])

    async def list_addresses(self, call: Call) -> dict[str, Any]:
        """List the external addresses, the outbound one among them; there are no further pages."""
        instance = find_instance(self._rack, call)
        store, pools = self._rack.store, self._rack.pools
        items: list[dict[str, Any]] = [
            pools.source_nat_view(share) for share in store.source_nats.all(instance_id=instance.id)
        ]
        items += [
            self._ephemeral(held) for held in store.ephemeral_ips.all(instance_id=instance.id)
        ]
        items += [
            {"kind": "floating", **floating_ip_view(floating, pools)}
            for floating in store.floating_ips.all(instance_id=instance.id)
        ]
        return {"items": items, "next_page": None}

    async def attach_address(self, call: Call) -> dict[str, Any]:
        """Give the instance an ephemeral address."""
        instance = find_instance(self._rack, call)
        request = call.body(EphemeralIpCreate)
        with self._rack.store.transaction():
            held = add_ephemeral_ip(self._rack, instance, request.pool_selector)
        return self._ephemeral(held)

    async def detach_address(self, call: Call) -> None:
        """Take the instance's ephemeral address back."""
        instance = find_instance(self._rack, call)
        version = call.query(EphemeralSelector).ip_version
        held = self._rack.store.ephemeral_ips.all(instance_id=instance.id)
        matching = [address for address in held if version in (None, address.ip_version)]
        if not matching:
            raise errors.invalid_request("instance does not have an ephemeral IP attached")
        if len(matching) > 1:
            raise errors.invalid_request(
                "instance has ephemeral IPs of both versions: specify ip_version as v4 or v6"
            )
        self._rack.store.ephemeral_ips.delete(
            instance_id=instance.id, ip_version=matching[0].ip_version
        )

    def _detached(self, disk: Disk) -> Disk:
        return self._rack.store.disks.update(disk.id, instance_id=None, state="detached")

    def _ephemeral(self, held: EphemeralIp) -> dict[str, Any]:
        return {
            "kind": "ephemeral",
            "ip": self._rack.pools.address(held),
            "ip_pool_id": held.pool_id,
        }
