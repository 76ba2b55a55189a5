"""The new image's name: that it can be one, and that it is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.builders.outscale.names import name_problem, omi_taken
from oxtui.component.errors import StepError

if TYPE_CHECKING:
    from oxtui.builders.outscale.image_builder import ImageBuilder
    from oxtui.outscale.client import OutscaleClient
    from oxtui.outscale.models.image import Image


async def check_name(builder: ImageBuilder, client: OutscaleClient) -> None:
    """Finds the name of the new image, which no other build of the session makes, and no image has.

    Raises:
        StepError: it is no name of an image, the template gives it to two builds, or it is taken.
    """
    setting, found = builder.setting, builder.found
    found.omi_name = name = setting.interpolation.render(builder.options.omi_name)
    if problem := name_problem(name):
        raise StepError(f'omi_name "{name}": {problem}.')
    claim = f"omi {builder.found.account} {builder.region} {name}"
    if (other := setting.claims.setdefault(claim, setting.build)) != setting.build:
        raise StepError(
            f'omi_name: build "{other}" of this template makes an image "{name}" too. Give one of them '
            "another omi_name."
        )
    await _free(builder, client)


async def own_images(builder: ImageBuilder, client: OutscaleClient) -> list[Image]:
    """The account's images of the new one's name."""
    found = builder.found
    filters = {"ImageNames": [found.omi_name], "AccountIds": [found.account]}
    return [
        image for image in await client.images.list(filters) if image.image_name == found.omi_name
    ]


async def _free(builder: ImageBuilder, client: OutscaleClient) -> None:
    if builder.replaces:
        return
    for image in await own_images(builder, client):
        raise StepError(omi_taken(image.image_name, image.image_id))
