"""Projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.api.identity import identity
from oxtui.rack.parameters.common import Created, Updated
from oxtui.rack.store.records import Project
from oxtui.rack.store.unique import unique_name
from oxtui.rack.web import errors
from oxtui.rack.web.operation import Operation
from oxtui.rack.web.paging import Scan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.web.operation import Call


class ProjectApi:
    """Operations on projects."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        projects, project = "/v1/projects", "/v1/projects/{project}"
        return (
            Operation("project_list", "GET", projects, self.list),
            Operation("project_create", "POST", projects, self.create, status=201),
            Operation("project_view", "GET", project, self.view),
            Operation("project_update", "PUT", project, self.update),
            Operation("project_delete", "DELETE", project, self.delete, status=204),
            Operation("project_policy_view", "GET", project + "/policy", self.policy),
        )

    async def list(self, call: Call) -> dict[str, Any]:
        """List the silo's projects."""
        _, page = call.scan(Scan)
        return page.of(self._rack.store.projects, identity)

    async def create(self, call: Call) -> dict[str, Any]:
        """Make a project with its default VPC."""
        request = call.body(Created)
        project = Project(**request.identity(self._rack.clock))
        with self._rack.store.transaction(), unique_name("project", project.name):
            self._rack.store.projects.insert(project)
            self._rack.networks.add_default_vpc(project.id)
        return identity(project)

    async def view(self, call: Call) -> dict[str, Any]:
        """Show a project."""
        return identity(self._project(call))

    async def update(self, call: Call) -> dict[str, Any]:
        """Change a project's name or description."""
        project = self._project(call)
        request = call.body(Updated)
        with unique_name("project", request.name or project.name):
            changes = request.changes(self._rack.clock)
            return identity(self._rack.store.projects.update(project.id, **changes))

    async def delete(self, call: Call) -> None:
        """Delete a project that is empty."""
        project = self._project(call)
        store = self._rack.store
        contents = (
            ("instance", store.instances.find(project_id=project.id)),
            ("disk", store.disks.find(project_id=project.id)),
            ("floating ip", store.floating_ips.find(project_id=project.id)),
            ("image", store.images.find(project_id=project.id)),
            ("snapshot", store.snapshots.find(project_id=project.id)),
            ("vpc", store.vpcs.find(project_id=project.id)),
        )
        for kind, member in contents:
            if member is not None:
                article = "an" if kind[0] in "aeiou" else "a"
                raise errors.invalid_request(
                    f"project to be deleted contains {article} {kind}: {member.name}"
                )
        store.projects.delete(id=project.id)

    async def policy(self, call: Call) -> dict[str, Any]:
        """Show who may do what in the project: nobody but by the silo's policy."""
        self._project(call)
        return {"role_assignments": []}

    def _project(self, call: Call) -> Project:
        return self._rack.lookup.project(call.name_or_id("project"))
