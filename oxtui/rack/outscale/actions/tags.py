"""Tags of whatever has an id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.errors import no_such
from oxtui.rack.outscale.lists import by, listed
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
    known = by("Key Value ResourceId ResourceType")
    page = listed(body, found, field="Tags", filters=known, key="Place")
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
    own = cloud.account.id
    return {
        each.id: each.TABLE.replace("_", "-")
        for each in cloud.store.resources()
        if getattr(each, "account_id", own) == own
    }


ACTIONS = {"CreateTags": create_tags, "ReadTags": read_tags, "DeleteTags": delete_tags}
