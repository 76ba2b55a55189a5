"""Images of projects and of the silo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from oxtui.rack.api.identity import identity
from oxtui.rack.parameters.common import Created, InProject, OptionalProject, OptionalProjectScan
from oxtui.rack.store.records import Image
from oxtui.rack.store.unique import unique_name
from oxtui.rack.timestamps import rfc3339
from oxtui.rack.web import errors
from oxtui.rack.web.names import Id
from oxtui.rack.web.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oxtui.rack.rack import Rack
    from oxtui.rack.web.operation import Call

# The database's columns are VARCHAR(64); the control plane finds out when it inserts.
_LONGEST_OS = 64


class ImageSource(BaseModel):
    """What an image is made of: a snapshot is the only kind."""

    type: Literal["snapshot"]
    id: Id


class ImageCreate(Created):
    """The body of an image's create."""

    os: str
    version: str
    source: ImageSource


class ImageApi:
    """Operations on images."""

    def __init__(self, rack: Rack) -> None:
        self._rack = rack

    def operations(self) -> Iterable[Operation]:
        """Return the operations."""
        images, image = "/v1/images", "/v1/images/{image}"
        return (
            Operation("image_list", "GET", images, self.list),
            Operation("image_create", "POST", images, self.create, status=201),
            Operation("image_view", "GET", image, self.view),
            Operation("image_delete", "DELETE", image, self.delete, status=204),
            Operation("image_promote", "POST", image + "/promote", self.promote, status=202),
            Operation("image_demote", "POST", image + "/demote", self.demote, status=202),
        )

    async def list(self, call: Call) -> dict[str, Any]:
        """List a project's own images, or the silo's own where no project is named."""
        scan, page = call.scan(OptionalProjectScan)
        return page.of(self._rack.store.images, _view, project_id=self._project_id(scan.project))

    async def create(self, call: Call) -> dict[str, Any]:
        """Make an image of a snapshot."""
        project_id = self._project_id(call.query(OptionalProject).project)
        request = call.body(ImageCreate)
        snapshot = self._rack.store.snapshots.find(id=request.source.id)
        if snapshot is None:
            raise errors.not_found_id("snapshot", request.source.id)
        if project_id not in (None, snapshot.project_id):
            raise errors.invalid_request("snapshot does not belong to this project")
        if max(len(request.os), len(request.version)) > _LONGEST_OS:
            raise errors.internal()
        identity_of_new = request.identity(self._rack.clock)
        image = Image(
            **identity_of_new,
            content_id=identity_of_new["id"],
            project_id=project_id,
            os=request.os,
            version=request.version,
            size=snapshot.size,
            block_size=snapshot.block_size,
        )
        return _view(await self._rack.storage.create_image(image, snapshot))

    async def view(self, call: Call) -> dict[str, Any]:
        """Show an image."""
        return _view(self._image(call))

    async def delete(self, call: Call) -> None:
        """Delete an image, whatever was made from it."""
        await self._rack.storage.delete_image(self._image(call))

    async def promote(self, call: Call) -> dict[str, Any]:
        """Move a project's image to the silo."""
        image = self._image(call)
        if image.project_id is None:
            raise errors.invalid_request("Cannot promote a silo image")
        return self._move(image, "silo-image", None)

    async def demote(self, call: Call) -> dict[str, Any]:
        """Move a silo's image to a project, which the query names."""
        project_id = self._rack.lookup.project(call.query(InProject).project).id
        image = self._rack.lookup.image(call.name_or_id("image"), None)
        if image.project_id is not None:
            raise errors.invalid_request("Cannot demote a project image")
        return self._move(image, "project-image", project_id)

    def _move(self, image: Image, kind: str, project_id: str | None) -> dict[str, Any]:
        with unique_name(kind, image.name):
            moment = rfc3339(self._rack.clock())
            table = self._rack.store.images
            return _view(table.update(image.id, project_id=project_id, time_modified=moment))

    def _image(self, call: Call) -> Image:
        project = call.query(OptionalProject).project
        return self._rack.lookup.image(call.name_or_id("image"), project)

    def _project_id(self, project: str | None) -> str | None:
        return None if project is None else self._rack.lookup.project(project).id


def _view(image: Image) -> dict[str, Any]:
    return {
        **identity(image),
        "project_id": image.project_id,
        "os": image.os,
        "version": image.version,
        "size": image.size,
        "block_size": image.block_size,
        "digest": None,
    }
