"""Tags of whatever has an id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.errors import no_such
from oxtui.rack.outscale.lists import listed
from oxtui.rack.outscale.records import Tag

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud


async def create_tags(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Set tags of resources; a key that is there gets the new value."""
    _check(cloud, body["ResourceIds"])
    with cloud.store.transaction():
        for resource_id in body["ResourceIds"]:
            for tag in body["Tags"]:
                cloud.store.tags.delete(resource_id=resource_id, key=tag["Key"])
                cloud.store.tags.insert(
                    Tag(resource_id=resource_id, key=tag["Key"], value=tag["Value"])
                )
    return {}


async def read_tags(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """All tags of the account."""
    found = [
        {
            "ResourceId": tag.resource_id,
            "ResourceType": _kinds(cloud).get(tag.resource_id, ""),
            "Key": tag.key,
            "Value": tag.value,
            "Place": f"{tag.resource_id} {tag.key}",
        }
        for tag in cloud.store.tags.all()
    ]
    known = {
        "Keys": "Key",
        "Values": "Value",
        "ResourceIds": "ResourceId",
        "ResourceTypes": "ResourceType",
    }
    page = listed(body, found, field="Tags", key="Place", filters=known)
    for tag in page["Tags"]:
        del tag["Place"]
    return page


async def delete_tags(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Remove tags of resources, where key and value are as named."""
    _check(cloud, body["ResourceIds"])
    for resource_id in body["ResourceIds"]:
        for tag in body["Tags"]:
            cloud.store.tags.delete(resource_id=resource_id, key=tag["Key"], value=tag["Value"])
    return {}


def _check(cloud: Cloud, resource_ids: list[str]) -> None:
    known = _kinds(cloud)
    for resource_id in resource_ids:
        if resource_id not in known:
            raise no_such("5044", f"there is no resource {resource_id}")


def _kinds(cloud: Cloud) -> dict[str, str]:
    """The kind of each resource of the account, by its id."""
    store, own = cloud.store, cloud.account.id
    return {
        **{each.id: "vm" for each in store.vms.all()},
        **{each.id: "volume" for each in store.volumes.all()},
        **{each.id: "snapshot" for each in store.snapshots.all(account_id=own)},
        **{each.id: "image" for each in store.images.all(account_id=own)},
        **{each.id: "keypair" for each in store.keypairs.all()},
        **{each.id: "security-group" for each in store.security_groups.all()},
        **{each.id: "public-ip" for each in store.public_ips.all()},
        **{each.id: "net" for each in store.nets.all()},
        **{each.id: "subnet" for each in store.subnets.all()},
    }


ACTIONS = {"CreateTags": create_tags, "ReadTags": read_tags, "DeleteTags": delete_tags}
