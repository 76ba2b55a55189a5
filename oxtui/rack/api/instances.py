"""Instances: what they are, and their changes of state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.api import lists
from oxtui.rack.api.identity import identity
from oxtui.rack.instance_create import check_size, create_instance
from oxtui.rack.lifecycle.control import forget_instance
from oxtui.rack.parameters.common import InProject, OptionalProject
from oxtui.rack.parameters.instances import InstanceCreate, InstanceUpdate
from oxtui.rack.timestamps import rfc3339
from oxtui.rack.web import errors
from oxtui.rack.web.operation import Operation
from oxtui.rack.web.paging import ProjectScan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.store.records import Instance
    from oxtui.rack.web.operation import Call


class InstanceApi:
    """Operations on instances."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        instances, instance = "/v1/instances", "/v1/instances/{instance}"
        groups = "/v1/anti-affinity-groups"
        return (
            Operation("instance_list", "GET", instances, self.list),
            Operation("instance_create", "POST", instances, self.create, status=201),
            Operation("instance_view", "GET", instance, self.view),
            Operation("instance_update", "PUT", instance, self.update),
            Operation("instance_delete", "DELETE", instance, self.delete, status=204),
            Operation("instance_start", "POST", instance + "/start", self.start, status=202),
            Operation("instance_stop", "POST", instance + "/stop", self.stop, status=202),
            Operation("instance_reboot", "POST", instance + "/reboot", self.reboot, status=202),
            Operation("anti_affinity_group_list", "GET", groups, self.list_groups),
        )

    async def list(self, call: Call) -> dict[str, Any]:
        """List a project's instances."""
        return lists.of_project(self._rack, call, self._rack.store.instances, self._view)

    async def create(self, call: Call) -> dict[str, Any]:
        """Make an instance, and start it unless told otherwise."""
        project = self._rack.lookup.project(call.query(InProject).project)
        request = call.body(InstanceCreate)
        return self._view(await create_instance(self._rack, request, project))

    async def view(self, call: Call) -> dict[str, Any]:
        """Show an instance."""
        return self._view(find_instance(self._rack, call))

    async def update(self, call: Call) -> dict[str, Any]:
        """Change an instance's size, boot disk or policy."""
        instance = find_instance(self._rack, call)
        request = call.body(InstanceUpdate)
        check_size(request.ncpus, request.memory)
        if request.enable_jumbo_frames:
            raise errors.invalid_request("jumbo frames are not enabled for this fleet")
        changes = self._settings(instance, request)
        fixed_while_running = ("boot_disk_id", "ncpus", "memory", "cpu_platform")
        moved = any(changes[column] != getattr(instance, column) for column in fixed_while_running)
        if moved and instance.run_state not in ("stopped", "failed", "creating"):
            raise errors.conflict("instance must be stopped to update its size or boot disk")
        return self._view(self._rack.store.instances.update(instance.id, **changes))

    async def delete(self, call: Call) -> None:
        """Delete a stopped instance; its disks and floating IPs stay."""
        instance = find_instance(self._rack, call)
        if instance.run_state not in ("stopped", "failed"):
            raise errors.invalid_request(
                "cannot delete instance: instance is running or has not yet fully stopped"
            )
        with self._rack.store.transaction():
            forget_instance(self._rack.store, instance)

    async def start(self, call: Call) -> dict[str, Any]:
        """Begin to start an instance."""
        return self._changed(call, self._rack.control.start)

    async def stop(self, call: Call) -> dict[str, Any]:
        """Begin to stop an instance."""
        return self._changed(call, self._rack.control.stop)

    async def reboot(self, call: Call) -> dict[str, Any]:
        """Begin to reboot an instance."""
        return self._changed(call, self._rack.control.reboot)

    async def list_groups(self, call: Call) -> dict[str, Any]:
        """List a project's anti-affinity groups: this rack makes none."""
        scan, page = call.scan(ProjectScan)
        self._rack.lookup.project(scan.project)
        return page.render([])

    def _changed(self, call: Call, change: Callable[[Instance], Instance]) -> dict[str, Any]:
        return self._view(change(find_instance(self._rack, call)))

    def _settings(self, instance: Instance, request: InstanceUpdate) -> dict[str, Any]:
        boot_disk_id = None
        if request.boot_disk is not None:
            disk = self._rack.lookup.disk_within(request.boot_disk, instance.project_id)
            if disk.instance_id != instance.id:
                raise errors.conflict("boot disk must be attached to the instance")
            boot_disk_id = disk.id
        return {
            "boot_disk_id": boot_disk_id,
            "ncpus": request.ncpus,
            "memory": request.memory,
            "auto_restart_policy": request.auto_restart_policy,
            "cpu_platform": request.cpu_platform,
            "time_modified": rfc3339(self._rack.clock()),
        }

    def _view(self, instance: Instance) -> dict[str, Any]:
        control = self._rack.control
        return {
            **identity(instance),
            "project_id": instance.project_id,
            "hostname": instance.hostname,
            "ncpus": instance.ncpus,
            "memory": instance.memory,
            "boot_disk_id": instance.boot_disk_id,
            "run_state": instance.run_state,
            "time_run_state_updated": instance.time_run_state_updated,
            "auto_restart_enabled": control.auto_restarts(instance),
            "auto_restart_policy": instance.auto_restart_policy,
            "auto_restart_cooldown_expiration": control.cooldown_end(instance),
            "time_last_auto_restarted": instance.time_last_auto_restarted,
            "cpu_platform": instance.cpu_platform,
            "enable_jumbo_frames": False,
        }


def find_instance(rack: Rack, call: Call) -> Instance:
    """Return the instance that a request's path and query name."""
    project = call.query(OptionalProject).project
    return rack.lookup.instance(call.name_or_id("instance"), project)
