"""The outscale-bsu builder: a VM becomes an image."""

from __future__ import annotations

from typing import ClassVar

from oxtui.builders.outscale.image_builder import ImageBuilder
from oxtui.builders.outscale.options.bsu import BsuOptions


class OutscaleBsuBuilder(ImageBuilder):
    """Makes a VM from an image, lets provisioners at it, captures it as a new image."""

    Options: ClassVar[type[BsuOptions]] = BsuOptions
    builder_id: ClassVar[str] = "oapi.outscale.bsu"
    options: BsuOptions

    @property
    def makes_image(self) -> bool:
        """Unless the template says no."""
        return not self.options.skip_create_omi
