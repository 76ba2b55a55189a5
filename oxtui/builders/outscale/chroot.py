"""The outscale-chroot builder: an image of a volume that is attached to the VM on which oxtui runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from oxtui.builders.chroot.chroot import Chroot
from oxtui.builders.chroot.steps import before_mount, from_guest, to_guest
from oxtui.builders.outscale import attached_volume, own_vm
from oxtui.builders.outscale.account_builder import Entry
from oxtui.builders.outscale.chroot_memory import recall, remember
from oxtui.builders.outscale.image_builder import ImageBuilder
from oxtui.builders.outscale.options.chroot import OutscaleChrootOptions
from oxtui.component.errors import StepError
from oxtui.component.events import PlanValue
from oxtui.component.protocols import BuilderSetting, Step, StepContext, Unfinished
from oxtui.component.resources import ResourceRecord
from oxtui.outscale.models.image import Image


class OutscaleChrootBuilder(ImageBuilder):
    """Makes a volume, lets provisioners at it in a chroot of this VM, makes an image of its snapshot."""

    Options: ClassVar[type[OutscaleChrootOptions]] = OutscaleChrootOptions
    builder_id: ClassVar[str] = "oapi.outscale.chroot"
    without_guest: ClassVar[str] = "there is always one"
    disk: ClassVar[None] = None
    options: OutscaleChrootOptions

    def __init__(self, options: OutscaleChrootOptions, setting: BuilderSetting) -> None:
        if options.from_scratch and "copy_files" not in options.model_fields_set:
            options = options.model_copy(update={"copy_files": []})
        super().__init__(options, setting)
        self.chroot = Chroot(options, self.setting)
        self.guest = self.chroot.guest
        self.own_vm = ""
        """Id of the VM that this machine is."""
        self.base: Image | None = None
        """The source image, or this account's copy of it."""
        self.volume = ""
        """Id of the volume."""

    @staticmethod
    def has_guest(options: OutscaleChrootOptions) -> bool:
        """Always."""
        return True

    @property
    def source(self) -> str:
        """The source image; from scratch it is what the template's commands make."""
        image = self.found.source
        return "" if image is None else image.image_id

    @property
    def base_image(self) -> Image:
        """The image that the volume is made of.

        Raises:
            StepError: there is none yet.
        """
        if self.base is None:
            raise StepError(
                "there is no image to make a volume of; retry the source image step first"
            )
        return self.base

    @property
    def root_device(self) -> str:
        """Name of the image's root device."""
        if self.options.from_scratch:
            return self.options.root_device_name
        return self.base_image.root_device_name

    @property
    def given_snapshots(self) -> bool:
        """They have records of their own, or were there before."""
        return True

    @property
    def only_copy(self) -> Sequence[int]:
        """The snapshot."""
        return self.found.snapshot_records

    def values(self) -> Sequence[PlanValue]:
        """With the VM that this machine is."""
        own = [PlanValue(name="VM", value=self.own_vm, source="Outscale")] if self.own_vm else []
        return [*super().values(), *own]

    def image_parts(self) -> Mapping[str, Any]:
        """Devices of the source image, or of the template from scratch, the root from the new snapshot."""
        options, root = self.options, self.root_device
        if options.from_scratch:
            mappings = [each.wire() for each in options.omi_block_device_mappings]
            parts: dict[str, Any] = {"Architecture": "x86_64"}
            size = options.root_size
        else:
            base = self.base_image
            mappings = [each.wire() for each in base.block_device_mappings if each.bsu is not None]
            parts = {"Architecture": base.architecture or "x86_64"}
            if base.boot_modes:
                parts["BootModes"] = base.boot_modes
            size = max(options.root_volume_size, base.size)
        for mapping in mappings:
            if mapping["DeviceName"] == root:
                mapping["Bsu"] |= {"SnapshotId": self.found.snapshots[root], "VolumeSize": size}
        return {**parts, "RootDeviceName": root, "BlockDeviceMappings": mappings}

    def before(self) -> Sequence[Step]:
        """From the source image to the root that is the guest."""
        steps: list[Entry] = [("preflight", "preflight", "prepare", own_vm.preflight)]
        if not self.options.from_scratch:
            steps.append(("source-image", "source image", "prepare", own_vm.copy_source))
        steps += [
            ("volume", "volume", "prepare", attached_volume.make_volume),
            ("attach", "attach", "prepare", attached_volume.attach),
        ]
        own = [self._step(*each, keeps_machine=True) for each in steps]
        return [*own, *before_mount(self.chroot), *to_guest(self.chroot)]

    def after(self) -> Sequence[Step]:
        """From the guest to the image of its snapshot."""
        steps: list[Entry] = [
            ("detach", "detach", "seal", attached_volume.detach),
            ("snapshot", "snapshot", "capture", attached_volume.snapshot),
            *self.captured(),
        ]
        own = [self._step(*each, keeps_machine=True) for each in steps]
        return [*from_guest(self.chroot), *own]

    def remember(self) -> Mapping[str, Any]:
        """What the steps have learned."""
        return remember(self)

    async def recall(self, before: Unfinished, context: StepContext) -> Mapping[str, str]:
        """Goes on in the root that is still mounted, or with what was made of it."""
        return await recall(self, before, context)

    def service(self, record: ResourceRecord) -> Any:
        """This machine, or the client of this build's account."""
        return self.chroot.service(record) or super().service(record)

    async def disconnect(self) -> None:
        """Ends the shells in the root."""
        await self.chroot.disconnect()
