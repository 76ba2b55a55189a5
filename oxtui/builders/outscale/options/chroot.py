"""Options of the outscale-chroot builder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from oxtui.builders.chroot.options import MOUNTS, ChrootOptions
from oxtui.builders.outscale.options.access import AccessOptions
from oxtui.builders.outscale.options.filters import ImageFilter
from oxtui.builders.outscale.options.image import IMAGE, ImageOptions
from oxtui.component.options import block, option

SOURCE = "Source"
VOLUME = "Volume"
MOUNT_PATH = "/mnt/packer-outscale-chroot-volumes/{{.Device}}"
SCRATCH_TYPE = "gp2"
"""Type of a volume that is made empty."""


_OF_SOURCE = re.compile(r"\{\{[^}]*\.SourceOMI")


class OutscaleChrootOptions(ChrootOptions, AccessOptions, ImageOptions):
    """A volume that is attached to the VM on which oxtui runs, provisioned in a chroot."""

    documentation: ClassVar[str] = (
        "https://developer.hashicorp.com/packer/integrations/outscale/outscale/latest/components/builder/chroot"
    )
    without_effect: ClassVar[Mapping[str, str]] = {
        **ImageOptions.without_effect,
        **AccessOptions.without_effect,
    }

    source_omi: str = option(
        "", help="Id of the image to begin with.", lookup="omis", by="id", group=SOURCE
    )
    source_omi_filter: ImageFilter | None = block(help="Finds the image to begin with.")
    from_scratch: bool = option(
        False, help="Begin with an empty volume; pre_mount_commands fill it.", group=SOURCE
    )
    root_volume_size: int = option(
        0, help="GiB of the volume; those of the source image if less.", ge=0, group=VOLUME
    )
    root_volume_type: Literal["", "standard", "gp2", "io1"] = option(
        "", help="Kind of the temporary volume; the source's if empty, gp2 from scratch.",
        group=VOLUME,
    )  # fmt: skip
    root_volume_tags: dict[str, str] = option(
        dict, help="Tags of the temporary volume.", template=True, group=VOLUME
    )
    device_path: str = option(
        "", help="Device to attach the volume at, such as /dev/xvdf; a free one if empty.",
        pattern=r"^(/dev/\S+)?$", group=VOLUME,
    )  # fmt: skip
    nvme_device_path: str = option(
        "", help="Node of the device on this VM, where it cannot be told which one appeared.",
        pattern=r"^(/dev/\S+)?$", group=VOLUME,
    )  # fmt: skip
    root_device_name: str = option(
        "", help="Name of the image's root device, from scratch.", group=IMAGE
    )
    mount_path: str = option(
        MOUNT_PATH, help="Where the root is mounted; {{.Device}} is the name of its device.",
        template=True, group=MOUNTS,
    )  # fmt: skip
    mount_partition: str = option(
        "1", help='Partition of the device that holds the root; "0" for the whole device.',
        group=MOUNTS,
    )  # fmt: skip

    @property
    def root_size(self) -> int:
        """GiB of the root from scratch: of the volume, or of the image's mapping where that is more."""
        mapped = (
            each.volume_size
            for each in self.omi_block_device_mappings
            if each.device_name == self.root_device_name
        )
        return max(self.root_volume_size, *mapped, 0)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        found = self._scratch() if self.from_scratch else self._sourced()
        if problems := list(found):
            raise ValueError("; ".join(problems))
        return self

    def _sourced(self) -> Iterator[str]:
        if not self.source_omi and self.source_omi_filter is None:
            yield "write source_omi or source_omi_filter, or set from_scratch"

    def _scratch(self) -> Iterator[str]:
        needed = (
            "root_volume_size", "root_device_name", "omi_block_device_mappings", "pre_mount_commands",
        )  # fmt: skip
        if missing := [name for name in needed if not getattr(self, name)]:
            yield f"write {' and '.join(missing)}, which from_scratch needs"
            return
        if self.root_volume_type == "io1":
            yield "write another root_volume_type: io1 is only for a source image that has it"
        tags = (self.tags, self.snapshot_tags, self.root_volume_tags)
        texts = [
            self.omi_description,
            *(text for each in tags for pair in each.items() for text in pair),
        ]
        if named := next((text for text in texts if _OF_SOURCE.search(text)), ""):
            yield f"write another text for {named}: from_scratch has no source image to name"
        names = [each.device_name for each in self.omi_block_device_mappings]
        if names.count(self.root_device_name) != 1:
            yield f"write one omi_block_device_mappings with device_name {self.root_device_name}, the root"

    def warnings(self) -> Sequence[tuple[str, str]]:
        """What the other way to begin would use."""
        scratch = ("source_omi", "source_omi_filter")
        sourced = ("root_device_name", "omi_block_device_mappings")
        unused = scratch if self.from_scratch else sourced
        way = "with" if self.from_scratch else "without"
        told = [
            (name, f"{name} has no effect {way} from_scratch")
            for name in unused
            if getattr(self, name)
        ]
        return [*super().warnings(), *told]
