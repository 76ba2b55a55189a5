"""What the Outscale builders share that make an image of what a VM has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from oxtui.builders.outscale import capture, omi, sharing
from oxtui.builders.outscale.options.vm_image import VmImageOptions
from oxtui.builders.outscale.vm_builder import Run, VmBuilder
from oxtui.component.post_processing import Artifact
from oxtui.component.protocols import BuilderSetting, Step
from oxtui.outscale.client import OutscaleClient


class ImageBuilder(VmBuilder):
    """Makes a VM, lets provisioners at it, captures what it has as a new image."""

    builder_id: ClassVar[str]
    without_artifact: ClassVar[str] = "No image was made, as skip_create_omi asks."
    options: VmImageOptions

    def __init__(self, options: VmImageOptions, setting: BuilderSetting) -> None:
        super().__init__(options, setting)
        self._handed_over = False

    @property
    def makes_image(self) -> bool:
        """Always, if a builder does not say otherwise."""
        return True

    def image_body(self) -> dict[str, Any]:
        """The body of CreateImage: of the VM, or of the devices that the template names."""
        return capture.image_body(self)

    def capturing(self) -> list[tuple[str, str, Any, Run]]:
        """The steps from the stopped VM to the image."""
        return [("image", "image", "capture", capture.image)]

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
            steps += [*self.stopping(), *self.capturing()]
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
            self.builder_id, f"{region}:{image.image_id}", text, name=image.image_name, fields=fields,
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
