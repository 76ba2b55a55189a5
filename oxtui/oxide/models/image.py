"""Images: read-only boot sources, of one project or of the whole silo."""

from typing import Literal

from oxtui.oxide.models.base import Body, Resource


class Image(Resource):
    """An image. Nothing of it can be changed after creation, except by promote and demote.

    `size` and `block_size` are bytes. `project_id` is None for a silo image.
    """

    os: str
    version: str
    size: int
    block_size: int
    project_id: str | None = None

    @property
    def is_silo_image(self) -> bool:
        """True when every project of the silo may use it."""
        return self.project_id is None


class ImageFromSnapshot(Body):
    """The one source that the API has: a snapshot, by id."""

    type: Literal["snapshot"] = "snapshot"
    id: str


class ImageCreate(Body):
    """An image to be made from a snapshot of the same project."""

    name: str
    description: str
    os: str
    version: str
    source: ImageFromSnapshot
