"""Links of volumes to this VM: waiting for them, ending them, and their resource kind."""

from __future__ import annotations

from contextlib import suppress

from oxtui.builders.outscale.kind import OutscaleKind
from oxtui.builders.outscale.waiting import once_free, watched
from oxtui.component.errors import StepError
from oxtui.component.resources import ResourceRecord
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.errors import NotFound, OutscaleError
from oxtui.outscale.models.storage import Volume


async def attached(service: OutscaleClient, volume_id: str, *, limit: float) -> None:
    """Waits until a volume is in use and each of its links is attached; `limit` in seconds.

    Raises:
        StepError: it failed, is gone, or took too long.
    """

    link = ""

    async def look() -> Volume | None:
        nonlocal link
        volume = await service.volumes.find(volume_id)
        if volume is None or volume.state in ("error", "deleting"):
            state = "gone" if volume is None else volume.state
            raise StepError(f"volume {volume_id} is {state}, and was not attached. Build again.")
        links = volume.linked_volumes
        link = next((each.state for each in links if each.state != "attached"), volume.state)
        is_attached = bool(links) and all(each.state == "attached" for each in links)
        return volume if volume.state == "in-use" and is_attached else None

    await watched(
        look, limit=limit, what=f"volume {volume_id} is not attached", setting="waits.instance_state",
        instead=lambda: link,
    )  # fmt: skip


async def unlink(service: OutscaleClient, volume_id: str, *, limit: float) -> None:
    """Takes a volume from its VM and waits until it is available; nothing if it is not linked.

    One that never got attached is forced: it has nothing to lose.

    Raises:
        StepError: it is still linked after `limit` seconds.
        OutscaleError: the API refused.
    """
    found = await service.volumes.find(volume_id)
    if found is None or not found.linked_volumes:
        return
    states = {each.state for each in found.linked_volumes}
    if not states <= {"detaching", "detached"}:
        force = True if "attaching" in states else None
        with suppress(NotFound):
            await once_free(
                lambda: service.call("UnlinkVolume", VolumeId=volume_id, ForceUnlink=force),
                seconds=limit,
            )

    async def look() -> bool | None:
        volume = await service.volumes.find(volume_id)
        if volume is not None and volume.state == "error":
            raise StepError(f"volume {volume_id} failed when it was to be detached.")
        return True if volume is None or volume.state == "available" else None

    await watched(look, limit=limit, what=f"volume {volume_id} is not detached")


class VolumeLinkKind(OutscaleKind):
    """A link of a volume to the VM that builds; its name and its id are those of the volume."""

    name = "outscale.volume_link"
    title = "volume link"
    order = 5
    action = "UnlinkVolume"
    field = "VolumeId"

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """The volume, if it is linked to that VM."""
        found = await service.volumes.find(record.name)
        links = [] if found is None else found.linked_volumes
        vm = record.locator.get("vm", "")
        return record.name if any(each.vm_id == vm for each in links) else None

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> bool:
        """Unlinks it, and waits until it is; False if it was unlinked already.

        Raises:
            OutscaleError: it is still linked.
        """
        if await self.find(service, record) is None:
            return False
        try:
            await unlink(service, record.name, limit=self._state_seconds)
        except StepError as error:
            raise OutscaleError(str(error)) from None
        return True
