"""Projects."""

from __future__ import annotations

from oxtui.oxide.models.project import Project, ProjectCreate
from oxtui.oxide.models.session import Policy
from oxtui.oxide.resources.collection import UserCollection


class Projects(UserCollection[Project]):
    """The projects of the silo that the user may see."""

    noun = "project"
    operation = "project"
    path = "/v1/projects"
    model = Project

    async def create(self, body: ProjectCreate) -> Project:
        """Make a project with its default VPC."""
        return await self._create(body, body.name, {})

    async def delete(self, name_or_id: str) -> None:
        """Delete an empty project."""
        await self._delete(name_or_id, {})

    async def policy(self, name_or_id: str) -> Policy:
        """The roles given on the project itself."""
        call = self._call(
            "policy_view", "read the roles of", "GET", name_or_id, {}, action="/policy"
        )
        return self._channel.decode(Policy, await self._channel.fetch(call), call)
