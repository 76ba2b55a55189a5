"""Looking an image up, by id and by filters together."""

from __future__ import annotations

from typing import Any

from oxtui.builders.outscale.options.filters import ImageFilter
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.errors import OutscaleError
from oxtui.outscale.models.image import Image


class NoImage(OutscaleError):
    """No image, or more than one, is what was looked for."""


async def find_image(
    client: OutscaleClient, account: str, wanted: ImageFilter | None, image_id: str = ""
) -> Image:
    """The one image that has the id and meets the filter; the newest of several where that is asked for.

    account: of the keys, which the owner `self` is.

    Raises:
        NoImage: there is none, or there are several.
        OutscaleError: the API refused, or gave no answer.
    """
    filters: dict[str, Any] = {} if wanted is None else wanted.wire()
    if image_id:
        given = filters.get("ImageIds", [image_id])
        if image_id not in given:
            raise NoImage(f"source_omi is {image_id}, and the filter asks for {given[0]}.")
        filters["ImageIds"] = [image_id]
    found = await _of_owners(client, account, filters, [] if wanted is None else wanted.owners)
    told = ", ".join(f"{key} {value[0]}" for key, value in filters.items())
    if not found:
        raise NoImage(
            f"No image is to be seen that meets {told or 'no condition'}. Check region and account."
        )
    if len(found) > 1 and not (wanted and wanted.most_recent):
        names = ", ".join(f"{image.image_name} ({image.image_id})" for image in found[:3])
        raise NoImage(
            f"{len(found)} images meet {told}: {names}{', …' if len(found) > 3 else ''}. Narrow the "
            "filter, or set most_recent to take the newest."
        )
    return max(found, key=lambda image: (image.creation_date, image.image_id))


async def _of_owners(
    client: OutscaleClient, account: str, filters: dict[str, Any], owners: list[str]
) -> list[Image]:
    """The images of any of the owners; ids and aliases of accounts are filters of their own, and both must hold."""
    ids = [account if owner == "self" else owner for owner in owners]
    asked: list[dict[str, Any]] = []
    if numbers := [owner for owner in ids if owner.isdecimal()]:
        asked.append({"AccountIds": numbers})
    if aliases := [owner for owner in ids if not owner.isdecimal()]:
        asked.append({"AccountAliases": aliases})
    found: dict[str, Image] = {}
    for owner in asked or [{}]:
        # A filter of that name goes to the API, and the owner is compared here.
        for image in await client.images.list({**owner, **filters}):
            of_ids = image.account_id in owner.get("AccountIds", [image.account_id])
            of_aliases = image.account_alias in owner.get("AccountAliases", [image.account_alias])
            if of_ids and of_aliases:
                found[image.image_id] = image
    return list(found.values())
