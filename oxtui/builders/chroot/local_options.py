"""Options of the chroot builder, which works on this machine alone and is oxtui's own."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import field_validator, model_validator

from oxtui.builders.chroot.options import ChrootOptions
from oxtui.component.options import Options, checked_template, option

BASE = "Base"
IMAGE = "Image"
MIN_SIZE = 1 << 20
"""Bytes; no file system fits into less."""
SECTOR = 512
"""Bytes that a loop device has as its unit: what is more than whole ones is cut off."""

Form = Literal["", "raw", "tar.gz"]


class ImageOptions(Options):
    """What the root is made of, and what is made of it."""

    source: str = option(
        "", help="Archive of the base system, as tar here reads it, or a directory that is copied.",
        template=True, lookup="files", group=BASE,
    )  # fmt: skip
    debootstrap_suite: str = option(
        "", help="Release that debootstrap installs as the base system, such as bookworm.",
        group=BASE,
    )  # fmt: skip
    debootstrap_mirror: str = option(
        "", help="Where debootstrap fetches it; its own default if empty.", group=BASE
    )
    debootstrap_options: list[str] = option(
        list, help="More options of debootstrap, such as --variant=minbase.", group=BASE
    )
    output: str = option(help="Path of the file that is made.", template=True, group=IMAGE)
    format: Form = option(
        "", help="raw for a disk image, tar.gz for an archive of the root; raw with disk_size.",
        group=IMAGE,
    )  # fmt: skip
    disk_size: int | None = option(
        None, help="Size of the disk image; without, the root is a directory.",
        unit="bytes", ge=MIN_SIZE, group=IMAGE,
    )  # fmt: skip
    filesystem: str = option(
        "ext4", help="File system that is made for the root; empty if pre_mount_commands make it.",
        pattern=r"^[a-z0-9.]*$", group=IMAGE,
    )  # fmt: skip
    filesystem_options: list[str] = option(
        list, help="Options of mkfs for it, such as -L and a label.", group=IMAGE
    )

    @property
    def form(self) -> Form:
        """What is made."""
        return self.format or ("raw" if self.disk_size else "tar.gz")

    @field_validator("source", "output")
    @classmethod
    def _evaluable(cls, text: str) -> str:
        return checked_template(text)

    @field_validator("output")
    @classmethod
    def _named(cls, output: str) -> str:
        if not output or output.endswith("/"):
            raise ValueError("write the path of the file that is to be made")
        return output

    @field_validator("disk_size")
    @classmethod
    def _whole(cls, size: int | None) -> int | None:
        if size is not None and size % SECTOR:
            raise ValueError(f"it is a multiple of {SECTOR}, such as {size - size % SECTOR}")
        return size


class LocalChrootOptions(ChrootOptions, ImageOptions):
    """A base system in a disk image or a directory of this machine, provisioned in a chroot."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.source and self.debootstrap_suite:
            raise ValueError("give source or debootstrap_suite, not both: there is one base system")
        if (self.debootstrap_mirror or self.debootstrap_options) and not self.debootstrap_suite:
            raise ValueError("debootstrap installs nothing without debootstrap_suite")
        if self.format == "raw" and self.disk_size is None:
            raise ValueError("a raw disk image needs disk_size, such as 2147483648")
        if self.mount_partition != "0" and self.disk_size is None:
            raise ValueError("mount_partition needs disk_size: a directory has no partitions")
        if not (self.source or self.debootstrap_suite or self._fills):
            raise ValueError(
                "nothing makes a base system; give source, debootstrap_suite, or commands that make one "
                "in post_mount_commands"
            )
        return self

    @property
    def _fills(self) -> bool:
        return bool(self.post_mount_commands or self.pre_mount_commands)
