"""Filters and pages of the Read actions."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.errors import invalid, not_simulated

if TYPE_CHECKING:
    from oxtui.rack.outscale.cloud import Cloud

LARGEST_PAGE = 1000

_TAGS = {"TagKeys": "Tags.Key", "TagValues": "Tags.Value", "Tags": "Tags"}
"""Filters that every tagged resource has: by keys, by values, and by KEY=VALUE."""


def present(**fields: Any) -> dict[str, Any]:
    """Return the fields of a reply that are set; the API leaves out others."""
    return {name: value for name, value in fields.items() if value is not None}


def by(fields: str, **elsewhere: str) -> dict[str, str]:
    """Return filters: one by each of the fields, under the field's plural, and those that are called otherwise.

    elsewhere: where in an item a filter finds its values, such as `Bsu.VolumeId`; lists on the way give all of theirs.
    """
    return {f"{field}s": field for field in fields.split()} | elsewhere | _TAGS


def reading(
    field: str,
    items: Callable[[Cloud], Iterable[dict[str, Any]]],
    filters: Mapping[str, str],
    key: str = "",
) -> Callable[[Cloud, dict[str, Any]], Awaitable[dict[str, Any]]]:
    """Return a Read action: it replies with a list, `field`, of what `items` returns; see `listed`."""

    async def read(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
        return listed(body, items(cloud), field=field, filters=filters, key=key)

    return read


def listed(
    body: Mapping[str, Any],
    items: Iterable[dict[str, Any]],
    *,
    field: str,
    filters: Mapping[str, str],
    key: str = "",
) -> dict[str, Any]:
    """Return a page of the items that match, in the order of their ids.

    field: what the reply calls the list. key: the field with an item's id, if that is not the usual one.
    A filter of the API that is not among the `filters` is an error, so that nothing is found by accident;
    one with an empty list filters nothing.
    """
    key = key or f"{field.removesuffix('s')}Id"
    wanted = {name: value for name, value in body.get("Filters", {}).items() if value != []}
    for name in wanted:
        if name not in filters:
            raise not_simulated(f"filter {name}: it knows {', '.join(sorted(filters))}")
    found = [
        item
        for item in items
        if all(_matches(item, filters[name], value) for name, value in wanted.items())
    ]
    found.sort(key=lambda item: str(item[key]))
    return _page(body, found, field, key)


def _matches(item: dict[str, Any], path: str, wanted: object) -> bool:
    present = list(_values(item, path.split(".")))
    choices = wanted if isinstance(wanted, list) else [wanted]
    return any(choice in present for choice in choices)


def _values(item: object, path: list[str]) -> Iterator[object]:
    if isinstance(item, list):
        for each in item:
            yield from _values(each, path)
    elif not path:
        yield f"{item['Key']}={item['Value']}" if isinstance(item, dict) else item
    elif isinstance(item, dict) and path[0] in item:
        yield from _values(item[path[0]], path[1:])


def _page(
    body: Mapping[str, Any], found: list[dict[str, Any]], field: str, key: str
) -> dict[str, Any]:
    limit = body.get("ResultsPerPage", LARGEST_PAGE)
    if not 1 <= limit <= LARGEST_PAGE:
        raise invalid("4047", f"ResultsPerPage must be between 1 and {LARGEST_PAGE}")
    if "NextPageToken" in body:
        last = _last(body["NextPageToken"])
        found = [item for item in found if str(item[key]) > last]
    page = {field: found[:limit]}
    if len(found) > limit:
        token = base64.b64encode(str(found[limit - 1][key]).encode()).decode()
        return {**page, "NextPageToken": token}
    return page


def _last(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise invalid("4047", "NextPageToken is not one that this API gave") from None
