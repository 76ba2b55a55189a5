"""The step that gives the new image to the whole silo, where that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.component.errors import StepError
from oxtui.component.events import Failure
from oxtui.component.protocols import StepContext
from oxtui.oxide.errors import ApiError, OxideError

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder


async def promote(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Moves the image from its project to the silo, which keeps its id (oxide-api C3).

    Raises:
        StepError: the rack refused; the image is as good as before, in its project.
    """
    image = builder.found.image
    if image is None:
        raise StepError("there is no image to promote; retry the image step first")
    client = await builder.client()
    try:
        found = await client.images.view(image.id)
        # An attempt before may have succeeded without an answer, and the rack refuses a second one.
        builder.found.image = (
            found if found.is_silo_image else await client.images.promote(image.id)
        )
    except OxideError as error:
        request = error.request_id if isinstance(error, ApiError) else None
        summary = (
            f'{error} The image "{image.name}" ({image.id}) is made and stays in project '
            f'"{builder.options.project}". Retry, or skip to leave it there.'
        )
        raise StepError(Failure(summary=summary, request_id=request or "")) from error
    context.say(f"Every project of silo {builder.found.silo} has image {image.name} now")
