"""OMIs: what there are, who may launch them, and their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.actions import find, permissions
from oxtui.rack.outscale.lists import by, present, reading

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud
    from oxtui.rack.outscale.records import Image

PROVIDER = "Outscale"
"""The alias of the account that the images belong to which come with the rack."""


def _views(cloud: Cloud) -> list[dict[str, Any]]:
    """Those that the account may launch."""
    return [view(cloud, each) for each in find.usable(cloud, cloud.store.images)]


_FILTERS = by(
    "ImageId ImageName AccountId Architecture State Description RootDeviceName RootDeviceType",
    AccountAliases="AccountAlias",
    BootModes="BootModes",
    ProductCodes="ProductCodes",
    BlockDeviceMappingSnapshotIds="BlockDeviceMappings.Bsu.SnapshotId",
    PermissionsToLaunchAccountIds="PermissionsToLaunch.AccountIds",
    PermissionsToLaunchGlobalPermission="PermissionsToLaunch.GlobalPermission",
)


async def update_image(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Change an own image's description, product codes, and who may launch it."""
    image = find.image(cloud, body["ImageId"], own=True)
    permitted, is_public = permissions.changed(
        image.permitted, image.is_public, body.get("PermissionsToLaunch", {})
    )
    changed = cloud.store.images.update(
        image.id,
        permitted=permitted,
        is_public=is_public,
        description=body.get("Description", image.description),
        product_codes=tuple(body.get("ProductCodes", image.product_codes)),
    )
    return {"Image": view(cloud, changed)}


async def delete_image(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Delete an own image; its snapshots stay."""
    image = find.image(cloud, body["ImageId"], own=True)
    cloud.store.forget(cloud.store.images, image.id)
    return {}


def view(cloud: Cloud, image: Image) -> dict[str, Any]:
    """Return the API's form."""
    own = image.account_id == cloud.account.id
    return {
        "ImageId": image.id,
        "ImageName": image.name,
        "AccountId": image.account_id,
        "Description": image.description,
        "State": image.state,
        "StateComment": {"StateMessage": image.state_message} if image.state_message else {},
        "Architecture": image.architecture,
        "RootDeviceName": image.root_device_name,
        "RootDeviceType": "bsu",
        "BlockDeviceMappings": image.mappings,
        "BootModes": list(image.boot_modes),
        "ProductCodes": list(image.product_codes),
        "CreationDate": image.time_created,
        "FileLocation": f"{image.account_id}/{image.name}",
        "ImageType": "machine",
        "PermissionsToLaunch": permissions.shown(image.permitted, image.is_public),
        "SecureBoot": False,
        "TpmMandatory": False,
        "Tags": cloud.store.tags_of(image.id),
        **present(AccountAlias=None if own else PROVIDER),
    }


ACTIONS = {
    "ReadImages": reading("Images", _views, _FILTERS),
    "UpdateImage": update_image,
    "DeleteImage": delete_image,
}
