"""The new image: what it is called, what it says of itself, and who may use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import field_validator

from oxtui.builders.outscale.names import name_problem
from oxtui.builders.outscale.options.devices import ImageDevice
from oxtui.component.options import Options, block, option

IMAGE = "Image"
_NO_COPY = "the API copies images between accounts, not between regions"


class ImageOptions(Options):
    """What is made in the end."""

    older_names: ClassVar[Mapping[str, str]] = {"snapshot_users": "snapshot_account_ids"}
    outdated: ClassVar[frozenset[str]] = frozenset(("snapshot_users",))
    without_effect: ClassVar[Mapping[str, str]] = {
        "omi_regions": _NO_COPY,
        "skip_region_validation": _NO_COPY,
        "omi_groups": "Outscale has no groups of accounts; global_permission makes an image public",
        "snapshot_groups": "Outscale has no groups of accounts",
        "omi_product_codes": "it is product_codes that are set on the image",
        "omi_virtualization_type": "every image is hvm",
    }

    retired: ClassVar[frozenset[str]] = frozenset(("snapshot_groups", "omi_virtualization_type"))

    omi_name: str = option(
        help="Name of the new image, 3 to 128 characters.", template=True, group=IMAGE
    )
    omi_description: str = option(
        "", help="Description of the new image.", template=True, group=IMAGE
    )
    omi_account_ids: list[str] = option(
        list, help="Accounts that may launch the image.", group=IMAGE
    )
    snapshot_account_ids: list[str] = option(
        list, help="Accounts that may make volumes of its snapshots.", group=IMAGE
    )
    global_permission: bool = option(False, help="Let every account launch it.", group=IMAGE)
    omi_boot_modes: list[Literal["legacy", "uefi"]] = option(
        list, help="How it can boot: legacy, uefi, or both.", group=IMAGE
    )
    product_codes: list[str] = option(list, help="Product codes of the image.", group=IMAGE)
    tags: dict[str, str] = option(
        dict, help="Tags of the image and its snapshots.", template=True, group=IMAGE
    )
    snapshot_tags: dict[str, str] = option(
        dict, help="Tags of its snapshots alone.", template=True, group=IMAGE
    )
    force_deregister: bool = option(
        False, help="Delete the account's image of that name first, as -force does.", group=IMAGE
    )
    force_delete_snapshot: bool = option(
        False, help="Delete the snapshots of the replaced image too.", group=IMAGE
    )
    omi_block_device_mappings: list[ImageDevice] = block(
        help="Devices of the image, from snapshots that are there already.", several=True
    )

    @property
    def shares(self) -> bool:
        """Somebody else may use the image or its snapshots."""
        return bool(self.omi_account_ids or self.snapshot_account_ids or self.global_permission)

    @field_validator("omi_name")
    @classmethod
    def _named(cls, value: str) -> str:
        if "{{" not in value and (problem := name_problem(value)):
            raise ValueError(problem)
        return value
