"""The resource kinds of what is stored: images, snapshots, volumes; and how each is deleted."""

from __future__ import annotations

from oxtui.builders.outscale.kind import OutscaleKind, first
from oxtui.builders.outscale.waiting import once_free
from oxtui.component.resources import ResourceRecord
from oxtui.outscale.client import OutscaleClient
from oxtui.outscale.errors import NotFound


class ImageKind(OutscaleKind):
    """An image that a build did not get to hand over, with the snapshots that were made for it."""

    name = "outscale.image"
    title = "image"
    order = 10
    action = "DeleteImage"
    field = "ImageId"

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """By its name among the account's own, which no two images of an account share."""
        if record.id:
            found = await service.images.find(record.id)
            return None if found is None else found.image_id
        filters = {"ImageNames": [record.name], "AccountIds": [record.locator.get("account", "")]}
        images = await service.images.list(filters)
        return first([image.image_id for image in images if image.image_name == record.name])

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> bool:
        """The image, then its snapshots, which a failure in between leaves to nobody: they are read first."""
        image = await service.images.find(record.id)
        was_there = await super().delete(service, record)
        if image is not None and not record.locator.get("given_snapshots"):
            used = await _used(service, record)
            for snapshot in image.snapshot_ids:
                if snapshot in used:
                    continue
                await delete_snapshot(service, snapshot, self._state_seconds)
        return was_there

    def cost(self, record: ResourceRecord) -> str:
        """The snapshots behind it."""
        return "storage of its snapshots"


async def _used(service: OutscaleClient, record: ResourceRecord) -> set[str]:
    """Snapshots of the account's images: one that was made of a copy's has some of the copy's own."""
    account = record.locator.get("account", "")
    images = await service.images.list({"AccountIds": [account]}) if account else []
    others = [image for image in images if image.image_id != record.id]
    return {snapshot for image in others for snapshot in image.snapshot_ids}


async def delete_snapshot(service: OutscaleClient, snapshot: str, seconds: float) -> None:
    """Deletes a snapshot, once the image that used it is gone.

    Raises:
        OutscaleError: it is still there, or nobody knows.
    """
    try:
        await once_free(
            lambda: service.call("DeleteSnapshot", SnapshotId=snapshot), seconds=seconds
        )
    except NotFound:
        return


class SnapshotKind(OutscaleKind):
    """A snapshot of a volume, of which an image was to be made."""

    name = "outscale.snapshot"
    title = "snapshot"
    order = 15
    action = "DeleteSnapshot"
    field = "SnapshotId"

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """By the token of its creation, where the id is not known."""
        filters = (
            {"SnapshotIds": [record.id]}
            if record.id
            else {"ClientTokens": [record.locator["token"]]}
        )
        snapshots = await service.snapshots.list(filters)
        return first([each.snapshot_id for each in snapshots if each.state != "deleting"])

    def cost(self, record: ResourceRecord) -> str:
        """Storage."""
        return "storage"


async def delete_volume(service: OutscaleClient, volume: str, seconds: float) -> bool:
    """Deletes a volume, once the VM that had it is gone; False if it was already, as most go with the VM.

    Raises:
        OutscaleError: it is still there, or nobody knows.
    """
    found = await service.volumes.find(volume)
    if found is None or found.state == "deleting":
        return False
    try:
        await once_free(lambda: service.call("DeleteVolume", VolumeId=volume), seconds=seconds)
    except NotFound:
        return False
    return True


class VolumeKind(OutscaleKind):
    """A volume of the VM, whose name is its id; or one that was made by itself, with a token."""

    name = "outscale.volume"
    title = "volume"
    order = 30
    action = "DeleteVolume"
    field = "VolumeId"

    async def find(self, service: OutscaleClient, record: ResourceRecord) -> str | None:
        """By its id, or by the token of its creation."""
        if not record.id and (token := record.locator.get("token")):
            made = await service.volumes.list({"ClientTokens": [token]})
            return first([each.volume_id for each in made if each.state != "deleting"])
        found = await service.volumes.find(record.id or record.name)
        return None if found is None or found.state == "deleting" else found.volume_id

    async def delete(self, service: OutscaleClient, record: ResourceRecord) -> bool:
        """What the VM did not take along."""
        return await delete_volume(service, record.id, self._state_seconds)

    def cost(self, record: ResourceRecord) -> str:
        """Storage."""
        return "storage"
