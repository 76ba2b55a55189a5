"""What all collections of the API have in common: list, view, create, change, delete."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import ClassVar, Generic, TypeAlias, TypeVar

from oxtui.oxide.calls import Call
from oxtui.oxide.channel import Channel
from oxtui.oxide.errors import NotFound
from oxtui.oxide.models.base import Body, Resource
from oxtui.oxide.names import is_id, named, segment, selector
from oxtui.oxide.paging import PAGE, WHOLE, items, pages
from oxtui.oxide.settle import Change, settle
from oxtui.oxide.timing import Kind

ResourceT = TypeVar("ResourceT", bound=Resource)
ItemT = TypeVar("ItemT")
Items: TypeAlias = list[ItemT]
"""A list, for classes in which that name is a method."""


class Collection(Generic[ResourceT]):
    """One kind of resource.

    Attributes:
        noun: What one is called.
        operation: First part of its OpenAPI operation ids.
        path: Of the collection.
        model: Of one resource.
        making: How long the rack may take to make one.
    """

    noun: ClassVar[str]
    operation: ClassVar[str]
    path: ClassVar[str]
    model: type[ResourceT]
    making: ClassVar[Kind] = Kind.CREATE

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def _pages(self, container: Mapping[str, str], limit: int) -> AsyncIterator[Items[ResourceT]]:
        call = Call(
            f"{self.operation}_list",
            "list",
            f"{self.noun}s{self._within(container)}",
            "GET",
            self.path,
            params=container,
        )
        return pages(self._channel, call, self.model, limit)

    async def _view(self, key: str, parents: Mapping[str, str]) -> ResourceT:
        call = self._call("view", "read", "GET", key, parents)
        return self._channel.decode(self.model, await self._channel.fetch(call), call)

    def _within(self, container: Mapping[str, str]) -> str:
        names = self._channel.project_names
        return "".join(f" in {named(n, names.get(value, value))}" for n, value in container.items())

    async def _create(self, body: Body, name: str, container: Mapping[str, str]) -> ResourceT:
        """Make a resource; after a lost answer it is looked up by its name.

        The caller vouches that the name was free, so what is found with the values that were asked
        for is what was made.
        """
        call = Call(
            f"{self.operation}_create",
            "create",
            f'{self.noun} "{name}"{self._within(container)}',
            "POST",
            self.path,
            self.making,
            container,
            body.wire(),
        )

        async def send(attempt: int) -> ResourceT:
            response = await self._channel.attempt(call, attempt)
            return self._channel.decode(self.model, response, call)

        async def look() -> ResourceT | None:
            found = await self._find(name, container)
            return found if found is not None and matches(found, body) else None

        patience = self._channel.timing.answer[self.making]
        change = Change(call.action, send, look, self._is_settled, patience)
        return await settle(change, self._channel.timing)

    async def _change(
        self, call: Call, key: str, done: Callable[[ResourceT], bool], *, repeatable: bool = True
    ) -> ResourceT:
        """Ask for a change of state; after a lost answer the state tells whether it happened."""

        async def send(attempt: int) -> ResourceT:
            response = await self._channel.attempt(call, attempt)
            return self._channel.decode(self.model, response, call)

        async def look() -> ResourceT | None:
            found = await self._view(key, _parents_of(key, call.params))
            return found if done(found) else None

        return await settle(
            Change(call.action, send, look, repeatable=repeatable), self._channel.timing
        )

    async def _delete(self, name_or_id: str, parents: Mapping[str, str]) -> None:
        """Delete exactly what has that name now; being gone after a lost answer is success."""
        key = name_or_id
        if not is_id(key):
            key = (await self._view(key, parents)).id
        call = self._call("delete", "delete", "DELETE", key, {}, Kind.DELETE, called=name_or_id)

        async def send(attempt: int) -> bool:
            await self._channel.attempt(call, attempt)
            return True

        async def look() -> bool | None:
            return True if await self._find(key, {}) is None else None

        await settle(Change(call.action, send, look), self._channel.timing)

    async def _find(self, key: str, parents: Mapping[str, str]) -> ResourceT | None:
        try:
            return await self._view(key, parents)
        except NotFound:
            return None

    def _is_settled(self, resource: ResourceT) -> bool:
        """False while the rack is still making it."""
        return True

    def _call(
        self,
        suffix: str,
        verb: str,
        method: str,
        key: str,
        parents: Mapping[str, str],
        kind: Kind = Kind.READ,
        *,
        action: str = "",
        body: Body | None = None,
        called: str | None = None,
    ) -> Call:
        """A call on one resource: `action` is what its path ends with."""
        return Call(
            f"{self.operation}_{suffix}",
            verb,
            named(self.noun, called or key),
            method,
            f"{self.path}/{segment(self.noun, key)}{action}",
            kind,
            parents,
            None if body is None else body.wire(),
        )


class UserCollection(Collection[ResourceT]):
    """Resources that no project contains."""

    def pages(self, limit: int = PAGE) -> AsyncIterator[Items[ResourceT]]:
        """One page of the API at a time."""
        return self._pages({}, limit)

    def list(self) -> AsyncIterator[ResourceT]:
        """All of them, fetched page by page as they are consumed."""
        return items(self.pages(limit=WHOLE))

    async def view(self, name_or_id: str) -> ResourceT:
        """One of them.

        Raises:
            NotFound: It is not there.
        """
        return await self._view(name_or_id, {})


class ProjectCollection(Collection[ResourceT]):
    """Resources that a project contains."""

    def pages(self, project: str, limit: int = PAGE) -> AsyncIterator[Items[ResourceT]]:
        """One page of the API at a time."""
        return self._pages({"project": project}, limit)

    def list(self, project: str) -> AsyncIterator[ResourceT]:
        """All of the project, fetched page by page as they are consumed."""
        return items(self.pages(project, limit=WHOLE))

    async def view(self, name_or_id: str, project: str | None = None) -> ResourceT:
        """One of them; by name the project is needed.

        Raises:
            NotFound: It is not there.
            SelectorError: A name without a project.
        """
        return await self._view(name_or_id, self._parents(name_or_id, project))

    def _parents(self, name_or_id: str, project: str | None) -> dict[str, str]:
        return selector(self.noun, name_or_id, {"project": project})


def matches(view: Resource, body: Body) -> bool:
    """True when a resource has the values that were asked for, as far as it shows them."""
    asked = {
        name: value
        for name in type(body).model_fields
        if isinstance(value := getattr(body, name), (str, int)) and hasattr(view, name)
    }
    return all(_plain(getattr(view, name)) == _plain(value) for name, value in asked.items())


def _plain(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _parents_of(key: str, params: Mapping[str, str]) -> Mapping[str, str]:
    """Parents of a selector; of an id there are none, though a call may name its target project."""
    return {} if is_id(key) else params
