"""Resources of one kind: reading them, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from oxtui.outscale.channel import Channel
from oxtui.outscale.errors import UnreadableReply
from oxtui.outscale.models.base import Model

ModelT = TypeVar("ModelT", bound=Model)
PAGE = 1000
"""The most of a page."""


def decode(model: type[ModelT], found: Any, action: str) -> ModelT:
    """The model that a part of a reply holds.

    Raises:
        UnreadableReply: It has another shape.
    """
    try:
        return model.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnreadableReply(
            f"{action}: the answer has another shape than the API's ({place}: {first['msg']}). "
            "Is it an Outscale API?"
        ) from None


class Collection(Generic[ModelT]):
    """What one action reads; `key` is the field of its answer, `ids` the filter by id."""

    def __init__(
        self, channel: Channel, action: str, key: str, model: type[ModelT], ids: str
    ) -> None:
        self._channel = channel
        self._action = action
        self._key = key
        self._model = model
        self._ids = ids

    async def pages(
        self, filters: Mapping[str, Any] | None = None, limit: int = PAGE
    ) -> AsyncIterator[list[ModelT]]:
        """The same page by page; `limit`: the most of one.

        Raises:
            ValueError: a filter is an empty list, which the API takes for none.
            OutscaleError: a page cannot be read.
        """
        if any(value == [] for value in (filters or {}).values()):
            raise ValueError(f"{self._action} with an empty filter would find everything")
        body: dict[str, Any] = {"ResultsPerPage": limit}
        if filters:
            body["Filters"] = dict(filters)
        while True:
            reply = await self._channel.call(self._action, body)
            yield [decode(self._model, each, self._action) for each in reply.get(self._key, [])]
            token = reply.get("NextPageToken")
            if not token:
                return
            if token == body.get("NextPageToken"):
                raise UnreadableReply(
                    f"{self._action}: the API gives the same page again and again."
                )
            body["NextPageToken"] = token

    async def find(self, id: str) -> ModelT | None:  # noqa: A002 - the field's own word
        """The one with that id; None if it is not there.

        Raises:
            OutscaleError: the API gave no answer.
        """
        found = await self.list({self._ids: [id]})
        return found[0] if found else None

    async def list(self, filters: Mapping[str, Any] | None = None) -> list[ModelT]:
        """All that the filters match, which are those of the API; all there are without.

        Raises:
            ValueError: a filter is an empty list, which the API takes for none.
            OutscaleError: a page cannot be read.
        """
        return [each async for page in self.pages(filters) for each in page]
