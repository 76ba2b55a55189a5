"""Finding objects by name or id, with the control plane's rule of containers.

By name the container is required, by id it must be absent. Where a request names its container
anyway (creates and lists), things inside it are named either way: `within`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from oxtui.rack.store import records
from oxtui.rack.web import errors
from oxtui.rack.web.names import is_uuid

if TYPE_CHECKING:
    from oxtui.rack.store.database import Store
    from oxtui.rack.store.tables import Table

R = TypeVar(
    "R", records.Disk, records.Instance, records.Snapshot, records.FloatingIp, records.Image
)
N = TypeVar("N", bound=records.Project | records.SshKey | records.Pool)


class Lookup:
    """Finds what requests name; every method raises ApiError 404, or 400 for a bad selector."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def project(self, name_or_id: str) -> records.Project:
        """Return a project."""
        return self._of_silo(self._store.projects, "project", name_or_id)

    def ssh_key(self, name_or_id: str) -> records.SshKey:
        """Return a key of the user."""
        return self._of_silo(self._store.ssh_keys, "ssh-key", name_or_id)

    def pool(self, name_or_id: str) -> records.Pool:
        """Return an IP pool that is linked to the silo."""
        return self._of_silo(self._store.pools, "ip-pool", name_or_id)

    def disk(self, name_or_id: str, project: str | None) -> records.Disk:
        """Return a disk by a request's selector."""
        return self._selected(self._store.disks, "disk", "disk", name_or_id, project)

    def instance(self, name_or_id: str, project: str | None) -> records.Instance:
        """Return an instance by a request's selector."""
        return self._selected(self._store.instances, "instance", "instance", name_or_id, project)

    def snapshot(self, name_or_id: str, project: str | None) -> records.Snapshot:
        """Return a snapshot by a request's selector."""
        return self._selected(self._store.snapshots, "snapshot", "snapshot", name_or_id, project)

    def floating_ip(self, name_or_id: str, project: str | None) -> records.FloatingIp:
        """Return a floating IP by a request's selector."""
        table = self._store.floating_ips
        return self._selected(table, "floating-ip", "Floating IP", name_or_id, project)

    def disk_within(self, name_or_id: str, project_id: str) -> records.Disk:
        """Return a disk that a body names, which must be of the project."""
        return self._within(self._store.disks, "disk", name_or_id, project_id)

    def floating_ip_within(self, name_or_id: str, project_id: str) -> records.FloatingIp:
        """Return a floating IP that a body names, which must be of the project."""
        return self._within(self._store.floating_ips, "floating-ip", name_or_id, project_id)

    def instance_within(self, name_or_id: str, project_id: str) -> records.Instance:
        """Return an instance that a body names, which must be of the project."""
        return self._within(self._store.instances, "instance", name_or_id, project_id)

    def image(self, name_or_id: str, project: str | None) -> records.Image:
        """Return an image: by id, by name in a project, or by name among the silo's."""
        if is_uuid(name_or_id):
            return self._selected(self._store.images, "image", "image", name_or_id, project)
        if project is None:
            image = self._store.images.find(name=name_or_id, project_id=None)
            kind = "silo-image"
        else:
            project_id = self.project(project).id
            image = self._store.images.find(name=name_or_id, project_id=project_id)
            kind = "project-image"
        if image is None:
            raise errors.not_found_name(kind, name_or_id)
        return image

    def vpc(self, name_or_id: str, project: str | None) -> records.Vpc:
        """Return a VPC by a request's selector."""
        if is_uuid(name_or_id):
            if project is not None:
                raise errors.invalid_request(
                    "when providing vpc as an ID, project should not be specified"
                )
            vpc = self._store.vpcs.find(id=name_or_id)
            if vpc is None:
                raise errors.not_found_id("vpc", name_or_id)
            return vpc
        if project is None:
            raise errors.invalid_request(
                "vpc should either be an ID or project should be specified"
            )
        return self.vpc_named(name_or_id, self.project(project).id)

    def vpc_named(self, name: str, project_id: str) -> records.Vpc:
        """Return a project's VPC."""
        vpc = self._store.vpcs.find(name=name, project_id=project_id)
        if vpc is None:
            raise errors.not_found_name("vpc", name)
        return vpc

    def subnet(self, name_or_id: str, vpc: str | None, project: str | None) -> records.Subnet:
        """Return a subnet by a request's selector."""
        if is_uuid(name_or_id):
            if vpc is not None or project is not None:
                raise errors.invalid_request(
                    "when providing subnet as an ID, vpc and project should not be specified"
                )
            subnet = self._store.subnets.find(id=name_or_id)
            if subnet is None:
                raise errors.not_found_id("vpc-subnet", name_or_id)
            return subnet
        if vpc is None:
            raise errors.invalid_request("subnet should either be an ID or vpc should be specified")
        return self.subnet_named(name_or_id, self.vpc(vpc, project).id)

    def subnet_named(self, name: str, vpc_id: str) -> records.Subnet:
        """Return a VPC's subnet."""
        subnet = self._store.subnets.find(name=name, vpc_id=vpc_id)
        if subnet is None:
            raise errors.not_found_name("vpc-subnet", name)
        return subnet

    def _of_silo(self, table: Table[N], kind: str, name_or_id: str) -> N:
        if is_uuid(name_or_id):
            found = table.find(id=name_or_id)
            missing = errors.not_found_id(kind, name_or_id)
        else:
            found = table.find(name=name_or_id)
            missing = errors.not_found_name(kind, name_or_id)
        if found is None:
            raise missing
        return found

    def _selected(
        self, table: Table[R], kind: str, label: str, name_or_id: str, project: str | None
    ) -> R:
        if not is_uuid(name_or_id):
            if project is None:
                raise errors.invalid_request(
                    f"{label} should either be UUID or project should be specified"
                )
            return self._within(table, kind, name_or_id, self.project(project).id)
        if project is not None:
            raise errors.invalid_request(
                f"when providing {label} as an ID project should not be specified"
            )
        found = table.find(id=name_or_id)
        if found is None:
            raise errors.not_found_id(kind, name_or_id)
        return found

    def _within(self, table: Table[R], kind: str, name_or_id: str, project_id: str) -> R:
        if is_uuid(name_or_id):
            found = table.find(id=name_or_id)
            if found is None:
                raise errors.not_found_id(kind, name_or_id)
            if found.project_id != project_id:
                raise errors.invalid_request(f"{kind} must be in the same project")
            return found
        found = table.find(name=name_or_id, project_id=project_id)
        if found is None:
            raise errors.not_found_name(kind, name_or_id)
        return found
