"""What builders have in common that make an image."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from oxtui.builders.outscale import capture, sharing
from oxtui.builders.outscale.account_builder import AccountBuilder, Entry
from oxtui.builders.outscale.omi import check_name
from oxtui.builders.outscale.options.image import ImageOptions
from oxtui.component.events import PlanValue
from oxtui.component.post_processing import Artifact
from oxtui.outscale.client import OutscaleClient


class ImageBuilder(AccountBuilder):
    """Makes an image, of a VM or of volumes."""

    without_artifact: ClassVar[str] = "No image was made."
    options: ImageOptions

    @property
    def makes_image(self) -> bool:
        """Always."""
        return True

    @property
    def replaces(self) -> bool:
        """An image of that name makes room for the new one."""
        return self.options.force_deregister or self.setting.force

    @property
    @abstractmethod
    def given_snapshots(self) -> bool:
        """The image is made of snapshots that do not go with it when it is deleted."""

    @property
    @abstractmethod
    def only_copy(self) -> Sequence[int]:
        """Numbers under which the recorder knows what the image is made of, and what cannot go before it."""

    @abstractmethod
    def image_parts(self) -> Mapping[str, Any]:
        """What the image is made of, in the body of CreateImage."""

    def image_body(self) -> dict[str, Any]:
        """The body of CreateImage."""
        options = self.options
        body = {"ImageName": self.found.omi_name, **self.image_parts()}
        optional = {
            "Description": self.render(options.omi_description),
            "ProductCodes": options.product_codes,
            "BootModes": options.omi_boot_modes,
        }
        return body | {name: value for name, value in optional.items() if value}

    def values(self) -> Sequence[PlanValue]:
        """With the name of the image."""
        values = list(super().values())
        if name := self.found.omi_name:
            values.append(PlanValue(name="omi_name", value=name, source="template"))
        return values

    async def check(self, client: OutscaleClient) -> None:
        """The image's name can be one, and is free; unless there is to be none.

        Raises:
            StepError: it is not.
        """
        if self.makes_image:
            await check_name(self, client)

    def captured(self) -> Sequence[Entry]:
        """The image, who may use it, and its tags; unless there is to be none."""
        options = self.options
        if not self.makes_image:
            return []
        steps: list[Entry] = [("image", "image", "capture", capture.image)]
        if options.shares:
            steps.append(("share", "permissions", "capture", sharing.share))
        if options.tags or options.snapshot_tags:
            steps.append(("tags", "tags", "capture", sharing.set_tags))
        return steps

    def result(self) -> Artifact | None:
        """The new image, once it is available."""
        image, source = self.found.image, self.found.source
        if image is None or image.state != "available":
            return None
        region = self.found.region
        of_source = () if source is None else (("source_omi", source.image_id),)
        fields = (("region", region), *of_source)
        text = f"{image.image_name} ({image.image_id}) in {region}"
        return Artifact(
            self.builder_id, f"{region}:{image.image_id}", text, name=image.image_name,
            fields=fields, stays=True,
        )  # fmt: skip

    async def hand_over(self) -> None:
        """The image and its snapshots are the operator's from now on."""
        await super().hand_over()
        for number in (self.found.image_record, *self.found.snapshot_records):
            if number:
                await self.setting.recorder.release(number)
