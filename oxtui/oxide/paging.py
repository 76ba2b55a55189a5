"""Lists of the API, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from oxtui.oxide.errors import UnreadableReply
from oxtui.oxide.models.base import Model, ResultsPage

if TYPE_CHECKING:
    from oxtui.oxide.calls import Call
    from oxtui.oxide.channel import Channel

PAGE = 100
"""The server's own default."""

WHOLE = 1_000
"""For a caller that wants all: few requests, and none that takes long."""

LARGEST_PAGE = 10_000
"""The server silently gives no more than this."""

ItemT = TypeVar("ItemT", bound=Model)


async def pages(
    channel: Channel, call: Call, model: type[ItemT], limit: int
) -> AsyncIterator[list[ItemT]]:
    """The pages of a list, one request each; nothing for an empty list.

    A page that is not full is the last one. The server gives a token for a next page with every
    page that is not empty, so a token alone does not mean that there is more.

    Args:
        channel: Where to ask.
        call: The list call, with the parameters of its container.
        model: Of one item.
        limit: Most items of a page, at least 1.

    Raises:
        ApiError, TransportError, UnreadableReply: A page could not be read.
    """
    if limit < 1:
        raise ValueError("a page has at least one item")
    limit = min(limit, LARGEST_PAGE)
    token: str | None = None
    while True:
        params = {**call.params, "limit": str(limit)}
        if token is not None:
            params["page_token"] = token
        response = await channel.fetch(replace(call, params=params))
        page = channel.decode(ResultsPage[model], response, call)  # type: ignore[valid-type]
        if page.items:
            yield page.items
        if len(page.items) < limit or page.next_page is None:
            return
        if page.next_page == token:
            raise UnreadableReply(
                f"Cannot {call.verb} {call.subject}: the rack gives the same page again and again."
            )
        token = page.next_page


async def items(pages_of: AsyncIterator[list[ItemT]]) -> AsyncIterator[ItemT]:
    """The items of pages; the next page is fetched when the last one is consumed."""
    async for page in pages_of:
        for item in page:
            yield item
