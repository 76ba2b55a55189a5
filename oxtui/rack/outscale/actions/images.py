"""OMIs: what there are, who may launch them, and their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.actions import find, permissions
from oxtui.rack.outscale.lists import TAGS, listed

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud
    from oxtui.rack.outscale.records import Image

PROVIDER = "Outscale"
"""The alias of the account that the images belong to which come with the rack."""


async def read_images(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """The images that the account may launch."""
    own = cloud.account.id
    found = [
        view(cloud, image)
        for image in cloud.store.images.all()
        if image.account_id == own or image.is_public or own in image.permitted
    ]
    known = {
        "ImageIds": "ImageId",
        "ImageNames": "ImageName",
        "AccountIds": "AccountId",
        "AccountAliases": "AccountAlias",
        "Architectures": "Architecture",
        "States": "State",
        "Descriptions": "Description",
        "BootModes": "BootModes",
        "ProductCodes": "ProductCodes",
        "RootDeviceNames": "RootDeviceName",
        "RootDeviceTypes": "RootDeviceType",
        "BlockDeviceMappingSnapshotIds": "BlockDeviceMappings.Bsu.SnapshotId",
        "PermissionsToLaunchAccountIds": "PermissionsToLaunch.AccountIds",
        "PermissionsToLaunchGlobalPermission": "PermissionsToLaunch.GlobalPermission",
        **TAGS,
    }
    return listed(body, found, field="Images", key="ImageId", filters=known)


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
    cloud.store.images.delete(id=image.id)
    cloud.store.tags.delete(resource_id=image.id)
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
        **({} if own else {"AccountAlias": PROVIDER}),
    }


ACTIONS = {
    "ReadImages": read_images,
    "UpdateImage": update_image,
    "DeleteImage": delete_image,
}
