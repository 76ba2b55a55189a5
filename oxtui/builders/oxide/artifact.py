"""What the new image is called, and what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.builders.oxide.names import plain_name
from oxtui.component.errors import StepError
from oxtui.oxide.limits import IMAGE_TEXT_LENGTH, NAME_LENGTH
from oxtui.oxide.models.image import Image

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder


def artifact_name(builder: OxideInstanceBuilder, source: Image) -> str:
    """Name of the new image, which no other build of the session makes in that project.

    Raises:
        StepError: the template gives the name to two builds.
    """
    options, setting = builder.options, builder.setting
    time = setting.interpolation.render("{{timestamp}}")
    wished = setting.interpolation.render(options.artifact_name).lower()
    names = [wished] if wished else [
        f"{plain_name(name, NAME_LENGTH - len(time) - 1)}-{time}"
        for name in (source.name, f"{source.name}-{setting.source_name}-{setting.run_id}")
    ]  # fmt: skip
    if options.skip_create_image:
        return names[0]
    other = ""
    for name in names:
        places = [builder.found.project, *(["silo"] if setting.promote else [])]
        wanted = [f"image {place} {name}" for place in places]
        others = {setting.claims.get(claim, setting.build) for claim in wanted} - {setting.build}
        if not others:
            setting.claims.update(dict.fromkeys(wanted, setting.build))
            return name
        other = others.pop()
    where = "for the silo" if setting.promote else "in that project"
    raise StepError(
        f'artifact_name: build "{other}" of this template makes an image "{names[0]}" {where} '
        "too. Give one of them another artifact_name."
    )


def describe_artifact(builder: OxideInstanceBuilder, source: Image) -> None:
    """What the new image says of itself; a version that is derived from the source's fits the limit of the API."""
    options, found, render = builder.options, builder.found, builder.setting.interpolation.render
    time = render("{{timestamp}}")
    found.artifact_description = render(options.artifact_description) or source.description
    found.artifact_os = render(options.artifact_os) or source.os
    given = render(options.artifact_version)
    found.artifact_version = (
        given or f"{source.version[: IMAGE_TEXT_LENGTH - len(time) - 1]}-{time}"
    )
