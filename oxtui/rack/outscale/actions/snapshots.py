"""Snapshots: of volumes, and copies of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oxtui.rack.outscale.actions import find, permissions
from oxtui.rack.outscale.cloud import new_id
from oxtui.rack.outscale.errors import conflict, invalid, not_simulated, wrong_state
from oxtui.rack.outscale.lists import by, present, reading
from oxtui.rack.outscale.records import Snapshot

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from oxtui.rack.outscale.cloud import Cloud
    from oxtui.rack.outscale.records import Volume


async def take(
    cloud: Cloud, volume: Volume, *, description: str = "", client_token: str | None = None
) -> Snapshot:
    """Keep what a volume holds now, and let the snapshot complete; returned as it begins."""
    if volume.state not in ("available", "in-use"):
        raise wrong_state("6007", f"volume {volume.id} is {volume.state}")
    snapshot = _new(cloud, volume.id, volume.size, description, client_token)
    return await _made(cloud, snapshot, lambda: cloud.contents.snapshot(volume.id, snapshot.id))


async def copy(
    cloud: Cloud, source: Snapshot, *, description: str = "", client_token: str | None = None
) -> Snapshot:
    """Make an own copy of a snapshot; returned as it begins."""
    snapshot = _new(cloud, "", source.size, description, client_token)
    return await _made(cloud, snapshot, lambda: cloud.contents.publish(source.id, snapshot.id))


async def _made(cloud: Cloud, snapshot: Snapshot, fill: Callable[[], Awaitable[None]]) -> Snapshot:
    cloud.store.snapshots.insert(snapshot)
    try:
        await fill()
    except BaseException:
        cloud.store.snapshots.delete(id=snapshot.id)
        raise
    cloud.transitions.snapshot_taken(snapshot.id)
    return snapshot


def _new(
    cloud: Cloud, volume_id: str, size: int, description: str, client_token: str | None
) -> Snapshot:
    return Snapshot(
        id=new_id("snap"),
        account_id=cloud.account.id,
        volume_id=volume_id,
        size=size,
        state="in-queue",
        progress=0,
        description=description,
        time_created=cloud.transitions.moment(),
        client_token=client_token,
    )


async def create_snapshot(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Make a snapshot of a volume, or a copy of a snapshot."""
    if {"FileLocation", "SnapshotSize"} & body.keys():
        raise not_simulated("import of snapshots from a bucket (FileLocation)")
    sources = [name for name in ("VolumeId", "SourceSnapshotId") if name in body]
    if len(sources) != 1:
        raise invalid("4046", "either VolumeId or SourceSnapshotId is required")
    token = body.get("ClientToken")
    known = None if token is None else cloud.store.snapshots.find(client_token=token)
    if known is not None:
        return {"Snapshot": view(cloud, known)}
    description = body.get("Description", "")
    if "VolumeId" in body:
        volume = find.volume(cloud, body["VolumeId"])
        made = await take(cloud, volume, description=description, client_token=token)
    else:
        check_source_region(cloud, body)
        source = find.snapshot(cloud, body["SourceSnapshotId"])
        made = await copy(cloud, source, description=description, client_token=token)
    return {"Snapshot": view(cloud, made)}


def check_source_region(cloud: Cloud, body: dict[str, Any]) -> None:
    """Raise OapiError 4047 unless a copy is from the account's own region, as the API wants it."""
    if body.get("SourceRegionName") != cloud.account.region:
        raise invalid("4047", f"SourceRegionName must be {cloud.account.region}")


def _views(cloud: Cloud) -> list[dict[str, Any]]:
    """Those that the account may restore."""
    return [view(cloud, each) for each in find.usable(cloud, cloud.store.snapshots)]


_FILTERS = by(
    "SnapshotId AccountId State Description VolumeId VolumeSize ClientToken",
    Progresses="Progress",
    PermissionsToCreateVolumeAccountIds="PermissionsToCreateVolume.AccountIds",
    PermissionsToCreateVolumeGlobalPermission="PermissionsToCreateVolume.GlobalPermission",
)


async def update_snapshot(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Change who may restore an own snapshot."""
    snapshot = find.snapshot(cloud, body["SnapshotId"], own=True)
    permitted, is_public = permissions.changed(
        snapshot.permitted, snapshot.is_public, body["PermissionsToCreateVolume"]
    )
    changed = cloud.store.snapshots.update(snapshot.id, permitted=permitted, is_public=is_public)
    return {"Snapshot": view(cloud, changed)}


async def delete_snapshot(cloud: Cloud, body: dict[str, Any]) -> dict[str, Any]:
    """Delete an own snapshot that no image uses."""
    snapshot = find.snapshot(cloud, body["SnapshotId"], own=True)
    if snapshot.state == "in-queue":
        raise wrong_state("6003", f"snapshot {snapshot.id} is in-queue")
    users = [
        image.id
        for image in cloud.store.images.all()
        if any(each["Bsu"].get("SnapshotId") == snapshot.id for each in image.mappings)
    ]
    if users:
        raise conflict("9094", f"snapshot {snapshot.id} is in use by {', '.join(users)}")
    cloud.store.forget(cloud.store.snapshots, snapshot.id)
    await cloud.contents.delete(snapshot.id)
    return {}


def view(cloud: Cloud, snapshot: Snapshot) -> dict[str, Any]:
    """Return the API's form."""
    return {
        "SnapshotId": snapshot.id,
        "AccountId": snapshot.account_id,
        "VolumeId": snapshot.volume_id,
        "VolumeSize": snapshot.size,
        "State": snapshot.state,
        "Progress": snapshot.progress,
        "Description": snapshot.description,
        "CreationDate": snapshot.time_created,
        "PermissionsToCreateVolume": permissions.shown(snapshot.permitted, snapshot.is_public),
        "Tags": cloud.store.tags_of(snapshot.id),
        **present(ClientToken=snapshot.client_token),
    }


ACTIONS = {
    "CreateSnapshot": create_snapshot,
    "ReadSnapshots": reading("Snapshots", _views, _FILTERS),
    "UpdateSnapshot": update_snapshot,
    "DeleteSnapshot": delete_snapshot,
}
