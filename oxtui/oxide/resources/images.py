"""Images of projects and of the silo."""

from __future__ import annotations

from collections.abc import AsyncIterator

from oxtui.oxide.models.image import Image, ImageCreate
from oxtui.oxide.names import selector
from oxtui.oxide.paging import PAGE, WHOLE, items
from oxtui.oxide.resources.collection import Collection, Items
from oxtui.oxide.timing import Kind


class Images(Collection[Image]):
    """Images. Everywhere no project means the silo: its images are usable in every project."""

    noun = "image"
    operation = "image"
    path = "/v1/images"
    model = Image
    making = Kind.CAPTURE

    def pages(self, project: str | None = None, limit: int = PAGE) -> AsyncIterator[Items[Image]]:
        """One page at a time of a project's own images, or of the silo's; never both."""
        return self._pages(_container(project), limit)

    def list(self, project: str | None = None) -> AsyncIterator[Image]:
        """All images of a project, or of the silo, fetched page by page as they are consumed."""
        return items(self.pages(project, limit=WHOLE))

    async def view(self, name_or_id: str, project: str | None = None) -> Image:
        """An image by id, by name in a project, or by name among the silo's.

        Raises:
            NotFound: It is not there.
        """
        return await self._view(name_or_id, _parents(name_or_id, project))

    async def create(self, body: ImageCreate, project: str | None = None) -> Image:
        """Make an image from a snapshot of the project; its fields are fixed for life."""
        return await self._create(body, body.name, _container(project))

    async def delete(self, name_or_id: str, project: str | None = None) -> None:
        """Delete an image; instances and disks made from it go on working."""
        await self._delete(name_or_id, _parents(name_or_id, project))

    async def promote(self, name_or_id: str, project: str | None = None) -> Image:
        """Move a project's image to the silo, so that every project may use it."""
        image = await self.view(name_or_id, project)
        call = self._call(
            "promote",
            "promote",
            "POST",
            image.id,
            {},
            Kind.CHANGE,
            action="/promote",
            called=name_or_id,
        )
        return await self._change(call, image.id, lambda view: view.is_silo_image)

    async def demote(self, name_or_id: str, project: str) -> Image:
        """Move a silo image to one project; disks made from it elsewhere go on working."""
        image = await self.view(name_or_id)
        call = self._call(
            "demote",
            "demote",
            "POST",
            image.id,
            {"project": project},
            Kind.CHANGE,
            action="/demote",
            called=name_or_id,
        )
        return await self._change(call, image.id, lambda view: not view.is_silo_image)


def _container(project: str | None) -> dict[str, str]:
    return {} if project is None else {"project": project}


def _parents(name_or_id: str, project: str | None) -> dict[str, str]:
    return selector("image", name_or_id, {"project": project}, required=False)
