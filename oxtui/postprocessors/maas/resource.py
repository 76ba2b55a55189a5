"""A new image of MAAS as a resource of a build: found again and removed if the upload did not end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from oxtui.component.resources import ResourceRecord, Verdict
from oxtui.maas.client import MaasClient
from oxtui.maas.connection import KEY_NAMES, URL_NAMES, Connection, resolve
from oxtui.maas.errors import MaasError, Refused, SettingError, Unreachable
from oxtui.maas.models import BootResource
from oxtui.maas.request import UploadRequest

KIND: Final = "maas.image"


def locator(connection: Connection, request: UploadRequest) -> Mapping[str, str]:
    """Where the image of an upload is, and what tells it from one of the same name."""
    return {
        "host": connection.url,
        "architecture": request.architecture,
        "sha256": request.sha256,
        **({"insecure": "yes"} if connection.insecure else {}),
    }


def connection_to(record: ResourceRecord, environ: Mapping[str, str]) -> Connection:
    """The MAAS that has it, with the key of the environment: the journal holds none.

    Raises:
        SettingError: there is no key, or the environment names another MAAS with it.
    """
    host = record.locator.get("host", "")
    named = next((environ[each] for each in URL_NAMES if environ.get(each)), "")
    if named and resolve(named, "", environ).url != host:
        raise SettingError(
            f"It is on {host}, and {URL_NAMES[0]} names another MAAS. Give that one and its key by "
            f"{KEY_NAMES[0]}."
        )
    return resolve(host, "", environ, insecure=bool(record.locator.get("insecure")))


class MaasImageKind:
    """An image that an upload made, and did not get to hand over."""

    name: ClassVar[str] = KIND
    title: ClassVar[str] = "MAAS image"
    order: ClassVar[int] = 5
    is_machine: ClassVar[bool] = False
    at_once: ClassVar[bool] = False

    async def find(self, service: Any, record: ResourceRecord) -> str | None:
        """The id; None if MAAS has no such image, or one with another content.

        Raises:
            MaasError: MAAS has no answer.
        """
        async with MaasClient(_checked(service)) as client:
            found = await _found(client, record)
        return None if found is None else str(found.id)

    async def delete(self, service: Any, record: ResourceRecord) -> bool:
        """Removes it, if nobody uploaded another version of it since; False if it was gone already.

        Raises:
            MaasError: it is still there, or nobody knows.
        """
        async with MaasClient(_checked(service)) as client:
            found = await _found(client, record)
            if found is None:
                return False
            if len(found.sets) > 1:
                raise MaasError(
                    f"{record.name} has other versions by now, and an image of MAAS can only be removed "
                    "whole. Look at it in MAAS."
                )
            await client.delete(found.id)
        return True

    def verdict(self, error: BaseException) -> Verdict:
        """MAAS makes nothing of what it refuses; a proxy's answer is none of MAAS."""
        match error:
            case Unreachable():
                return "unknown" if error.sent else "absent"
            case Refused():
                if error.is_of_proxy:
                    return "unknown"
                return "absent" if error.status < 500 else "answered"
        return "unknown"

    def command(self, record: ResourceRecord) -> str:
        """The command of MAAS that deletes it."""
        return f"maas PROFILE boot-resource delete {record.id or 'ID'}"

    def cost(self, record: ResourceRecord) -> str:
        """Space on each of its controllers."""
        return "space on MAAS's controllers"


def _checked(service: Any) -> Connection:
    if not isinstance(service, Connection):
        raise SettingError(
            f"There is no API key of MAAS here. Give it by {KEY_NAMES[0]}, and sweep."
        )
    return service


async def _found(client: MaasClient, record: ResourceRecord) -> BootResource | None:
    found = await client.find(record.name, record.locator.get("architecture", ""))
    if found is None or (record.id and str(found.id) != record.id):
        return None
    files = [each.file for each in found.sets.values()]
    ours = [file for file in files if file and file.sha256 == record.locator.get("sha256")]
    return found if ours else None
