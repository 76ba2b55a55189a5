"""Options of the outscale-bsu builder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from oxtui.builders.outscale.options.access import AccessOptions
from oxtui.builders.outscale.options.image import IMAGE, ImageOptions
from oxtui.builders.outscale.options.run import VM, RunOptions
from oxtui.component.options import option


class BsuOptions(RunOptions, ImageOptions, AccessOptions):
    """A temporary VM, made from an image, provisioned, captured as a new image."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/outscale/outscale/latest/components/builder/bsu"
    )
    older_names: ClassVar[Mapping[str, str]] = {
        **RunOptions.older_names,
        **ImageOptions.older_names,
    }
    without_effect: ClassVar[Mapping[str, str]] = {
        **AccessOptions.without_effect,
        **ImageOptions.without_effect,
        **RunOptions.without_effect,
    }

    boot_mode: Literal["", "legacy", "uefi"] = option(
        "", help="How the VM boots; as the image says if empty.", group=VM
    )
    skip_create_omi: bool = option(False, help="Provision, then clean up: no image.", group=IMAGE)

    @model_validator(mode="after")
    def _capturable(self) -> Self:
        captured = not (self.skip_create_omi or self.omi_block_device_mappings)
        if captured and self.shutdown_behavior == "terminate":
            raise ValueError(
                "write stop for shutdown_behavior: terminate leaves no VM to make the image from"
            )
        return self
