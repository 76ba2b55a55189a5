"""Projects."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from oxtui.oxide.models.project import Project, ProjectCreate
from oxtui.oxide.models.session import Policy
from oxtui.oxide.resources.collection import Items, UserCollection


class Projects(UserCollection[Project]):
    """The projects of the silo that the user may see."""

    noun = "project"
    operation = "project"
    path = "/v1/projects"
    model = Project

    def _pages(self, container: Mapping[str, str], limit: int) -> AsyncIterator[Items[Project]]:
        return self._noted(super()._pages(container, limit))

    async def _noted(self, pages: AsyncIterator[Items[Project]]) -> AsyncIterator[Items[Project]]:
        async for page in pages:
            self._channel.project_names.update((each.id, each.name) for each in page)
            yield page

    async def _view(self, key: str, parents: Mapping[str, str]) -> Project:
        project = await super()._view(key, parents)
        self._channel.project_names[project.id] = project.name
        return project

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
