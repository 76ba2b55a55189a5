"""The outscale-bsu builder: a VM becomes an image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from oxtui.builders.outscale import capture, omi, sharing
from oxtui.builders.outscale.options.bsu import BsuOptions
from oxtui.builders.outscale.vm_builder import Run, VmBuilder
from oxtui.component.post_processing import Artifact
from oxtui.component.protocols import BuilderSetting, Step
from oxtui.outscale.client import OutscaleClient

BUILDER_ID = "oapi.outscale.bsu"


class OutscaleBsuBuilder(VmBuilder):
    """Makes a VM from an image, lets provisioners at it, captures it as a new image."""

    Options: ClassVar[type[BsuOptions]] = BsuOptions
    without_artifact: ClassVar[str] = "No image was made, as skip_create_omi asks."
    options: BsuOptions

    def __init__(self, options: BsuOptions, setting: BuilderSetting) -> None:
        super().__init__(options, setting)
        self._handed_over = False

    @property
    def makes_image(self) -> bool:
        """Unless the template says no."""
        return not self.options.skip_create_omi

    @property
    def replaces(self) -> bool:
        """An image of that name makes room for the new one."""
        return self.options.force_deregister or self.setting.force

    async def check(self, client: OutscaleClient) -> None:
        """The name of the new image.

        Raises:
            StepError: it is no name of an image, or is taken.
        """
        await omi.check_name(self, client)

    def after(self) -> Sequence[Step]:
        """From the provisioned VM to the image."""
        options = self.options
        steps: list[tuple[str, str, Any, Run]] = self.clearing()
        if self.makes_image:
            steps += [*self.stopping(), ("image", "image", "capture", capture.image)]
            if options.shares:
                steps.append(("share", "permissions", "capture", sharing.share))
            if options.tags or options.snapshot_tags:
                steps.append(("tags", "tags", "capture", sharing.set_tags))
        return [self.step(*each, keeps_machine=True) for each in steps]

    def result(self) -> Artifact | None:
        """The new image, once it is available."""
        image, source = self.found.image, self.found.source
        if image is None or source is None or image.state != "available":
            return None
        region = self.found.region
        fields = (("region", region), ("source_omi", source.image_id))
        text = f"{image.image_name} ({image.image_id}) in {region}"
        return Artifact(
            BUILDER_ID, f"{region}:{image.image_id}", text, name=image.image_name, fields=fields,
            stays=True,
        )  # fmt: skip

    async def hand_over(self) -> None:
        """The image is the operator's from now on."""
        self._handed_over = True
        if self.found.image_record:
            await self.setting.recorder.release(self.found.image_record)

    async def close(self) -> None:
        """Ends the connection to the API; an image that was not handed over is deleted by now."""
        if not self._handed_over:
            self.found.image = None
        await super().close()
