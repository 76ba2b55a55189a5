"""Options of the outscale-bsu builder."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from oxtui.builders.outscale.options.image import IMAGE
from oxtui.builders.outscale.options.vm_image import VmImageOptions
from oxtui.component.options import option


class BsuOptions(VmImageOptions):
    """A temporary VM, made from an image, provisioned, captured as a new image."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/outscale/outscale/latest/components/builder/bsu"
    )

    root_device_name: str = option(
        "", help="Root device; needed with omi_block_device_mappings.", group=IMAGE
    )
    skip_create_omi: bool = option(False, help="Provision, then clean up: no image.", group=IMAGE)

    @model_validator(mode="after")
    def _capturable(self) -> Self:
        captured = not (self.skip_create_omi or self.omi_block_device_mappings)
        if captured and self.shutdown_behavior == "terminate":
            raise ValueError(
                "write stop for shutdown_behavior: terminate leaves no VM to make the image from"
            )
        if self.omi_block_device_mappings and not self.root_device_name:
            raise ValueError("write root_device_name, which omi_block_device_mappings need")
        return self
