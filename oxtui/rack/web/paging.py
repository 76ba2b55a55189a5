"""Pages of a list, as Dropshot gives them out.

`next_page` is set on every page that has items, also on the last one; only an empty page ends the
list. A token holds the scan's other parameters, so they need not be sent again.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, Field

from oxtui.rack.store.tables import R, SortMode, Table
from oxtui.rack.web import decode, errors
from oxtui.rack.web.names import NameOrId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DEFAULT_LIMIT = 100
MAXIMUM_LIMIT = 10_000
MAXIMUM_TOKEN = 512


class Scan(BaseModel):
    """Query parameters of every list."""

    limit: Annotated[int | None, Field(ge=1, le=2**32 - 1)] = None
    sort_by: SortMode = "name_ascending"


class ProjectScan(Scan):
    """Query parameters of a list within a project."""

    project: NameOrId


S = TypeVar("S", bound=Scan)


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of a list is wanted."""

    sort: SortMode
    limit: int
    after: str | None
    selector: dict[str, Any] = field(default_factory=dict)

    def of(
        self, table: Table[R], view: Callable[[R], dict[str, Any]], **conditions: object
    ) -> dict[str, Any]:
        """Return the body of this page of a table's matching rows."""
        rows = table.page(sort=self.sort, after=self.after, limit=self.limit, **conditions)
        return self.render(map(view, rows))

    def render(self, items: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """Return the body of a page with these items."""
        views = list(items)
        return {"items": views, "next_page": self._token(views[-1]) if views else None}

    def _token(self, last: dict[str, Any]) -> str:
        seen = last["id"] if self.sort == "id_ascending" else last["name"]
        start = {**self.selector, "sort_by": self.sort, "last_seen": seen}
        return base64.urlsafe_b64encode(
            json.dumps({"v": "v1", "page_start": start}).encode()
        ).decode()


def parse(parameters: Mapping[str, str], model: type[S]) -> tuple[S, Page]:
    """Decode a list's query; ApiError 400 if a parameter or the token is bad."""
    token = parameters.get("page_token")
    after = None
    given = {key: value for key, value in parameters.items() if key != "page_token"}
    if token:
        start = _open(token)
        after = start.pop("last_seen")
        given = {**given, **start}
    scan = decode.query(given, model)
    limit = min(scan.limit or DEFAULT_LIMIT, MAXIMUM_LIMIT)
    selector = scan.model_dump(exclude={"limit", "sort_by"}, exclude_none=True)
    return scan, Page(scan.sort_by, limit, after, selector)


def _open(token: str) -> dict[str, str]:
    try:
        if len(token) > MAXIMUM_TOKEN:
            raise ValueError("too long")
        content = json.loads(base64.urlsafe_b64decode(token))
        start = content["page_start"]
        if not isinstance(start["last_seen"], str):
            raise TypeError("last_seen")
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise errors.bad_request(
            "unable to parse query string: failed to parse pagination token"
        ) from None
    return {str(key): str(value) for key, value in start.items()}
