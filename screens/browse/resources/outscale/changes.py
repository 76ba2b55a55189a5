"""Deleting what an account has; the operator types what goes, after reading what goes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from screens.browse.deleting import delete
from screens.browse.look import Look
from screens.browse.resource import Handler
from screens.browse.work import Work
from screens.wording import plural


def images_of(snapshot: Any, look: Look) -> Sequence[Any]:
    """The loaded OMIs that are made from a snapshot."""
    return [image for image in look.rows("omis") if snapshot.id in image.snapshot_ids]


async def delete_images(work: Work, rows: Sequence[Any]) -> None:
    """OMIs: their snapshots stay and cost on, unless they are to go too."""
    follows = ("No VM can be made from it any more; VMs that were go on.",)
    snapshots = list(dict.fromkeys(each for row in rows for each in row.snapshot_ids))
    named = f"{plural(len(snapshots), 'snapshot')}: {', '.join(snapshots)}"
    extra = f"delete what it is made from too, {named}" if snapshots else ""

    async def made_from(row: Any) -> None:
        for snapshot in row.snapshot_ids:
            await work.client.call("DeleteSnapshot", SnapshotId=snapshot)

    await delete(
        work, rows, "OMI", follows, lambda row: work.client.call("DeleteImage", ImageId=row.id),
        extra, made_from,
    )  # fmt: skip


def _deletion(
    noun: str,
    call: str,
    id_name: str,
    follows: Callable[[Work, Sequence[Any]], Sequence[str]],
    *,
    key: str = "id",
) -> Handler:
    """Deletes rows of a kind by one call of the API each, which takes a row's `key` as `id_name`."""

    async def deletes(work: Work, rows: Sequence[Any]) -> None:
        await delete(
            work, rows, noun, follows(work, rows),
            lambda row: work.client.call(call, **{id_name: getattr(row, key)}),
        )  # fmt: skip

    return deletes


def _after_snapshots(work: Work, rows: Sequence[Any]) -> Sequence[str]:
    used = {image.name: None for row in rows for image in images_of(row, work.look)}
    lost = f"{sum(row.volume_size for row in rows)} GiB of content are lost."
    return [
        lost,
        *([f"Outscale refuses it while {', '.join(used)} is made from it."] if used else []),
    ]


delete_snapshots = _deletion("snapshot", "DeleteSnapshot", "SnapshotId", _after_snapshots)
delete_keypairs = _deletion(
    "key pair", "DeleteKeypair", "KeypairName",
    lambda work, rows: ("VMs that have it keep it; new ones cannot be given it.",),
    key="name",
)  # fmt: skip
delete_public_ips = _deletion(
    "public IP", "DeletePublicIp", "PublicIpId",
    lambda work, rows: ("The address is given back; whoever asks next may get it.",),
)  # fmt: skip
delete_security_groups = _deletion(
    "security group", "DeleteSecurityGroup", "SecurityGroupId",
    lambda work, rows: (
        "Its rules go with it. Outscale refuses it while a VM or another group uses it.",
    ),
)  # fmt: skip
delete_volumes = _deletion(
    "volume", "DeleteVolume", "VolumeId",
    lambda work, rows: (
        f"{sum(row.size for row in rows)} GiB of data are lost.",
        "Snapshots that were taken of it stay.",
    ),
)  # fmt: skip
