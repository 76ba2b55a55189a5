"""The calls of MAAS's API 2.0 that uploaded images need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from oxtui.maas.channel import Channel
from oxtui.maas.connection import Connection
from oxtui.maas.errors import Refused
from oxtui.maas.models import BootResource, Version
from oxtui.maas.names import bare_name
from oxtui.maas.timing import Timing
from oxtui.service.http import OverChannel

T = TypeVar("T")

_RESOURCES = "boot-resources/"


class MaasClient(OverChannel):
    """A MAAS, as one user sees it. Use it as `async with MaasClient(connection) as client`."""

    _channel: Channel

    def __init__(self, connection: Connection, *, timing: Timing | None = None) -> None:
        self.connection = connection
        self.timing = timing or Timing()
        self._channel = Channel(connection, self.timing)

    async def version(self) -> str:
        """Of MAAS; it answers anybody."""
        found = await self._get("version/", TypeAdapter(Version), "ask for the version of MAAS")
        return found.version

    async def uploaded(self) -> list[BootResource]:
        """All uploaded images, without their versions; only a user who may see them gets an answer."""
        doing = "list the images of MAAS"
        return await self._get(
            _RESOURCES, TypeAdapter(list[BootResource]), doing, {"type": "uploaded"}
        )

    async def show(self, number: int) -> BootResource:
        """One image with its versions.

        Raises:
            Refused: it is not there (404), among others.
        """
        doing = f"look at image {number} of MAAS"
        return await self._get(f"{_RESOURCES}{number}/", TypeAdapter(BootResource), doing)

    async def find(self, name: str, architecture: str) -> BootResource | None:
        """The uploaded image of that name and architecture, with its versions."""
        for each in await self.uploaded():
            if (bare_name(each.name), each.architecture) == (bare_name(name), architecture):
                try:
                    return await self.show(each.id)
                except Refused as refused:
                    if refused.status != 404:
                        raise
        return None

    async def create(self, fields: Mapping[str, str]) -> BootResource:
        """A new version of an image, and the image where there is none; the fields are those of MAAS's form."""
        doing = f"create {fields['name']} on MAAS"
        answer = await self._channel.send("POST", _RESOURCES, doing, form=fields)
        return self._read(TypeAdapter(BootResource), self._channel.json(answer, doing), doing)

    async def append(self, path: str, chunk: bytes) -> None:
        """Sends the next bytes of a file: MAAS appends what it is given, wherever that belongs."""
        await self._channel.send("PUT", path, "send bytes to MAAS", content=chunk)

    async def delete(self, number: int) -> None:
        """Removes an image with all of its versions; one that is gone is no error."""
        try:
            await self._channel.send(
                "DELETE", f"{_RESOURCES}{number}/", f"delete image {number} of MAAS"
            )
        except Refused as refused:
            if refused.status != 404:
                raise

    async def _get(
        self, path: str, shape: TypeAdapter[T], doing: str, params: Mapping[str, str] | None = None
    ) -> T:
        answer = await self._channel.send("GET", path, doing, params=params)
        return self._read(shape, self._channel.json(answer, doing), doing)

    def _read(self, shape: TypeAdapter[T], told: Any, doing: str) -> T:
        try:
            return shape.validate_python(told)
        except ValidationError:
            raise self._channel.unreadable(doing) from None
