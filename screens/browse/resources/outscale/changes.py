"""Deleting what an account has; the operator types what goes, after reading what goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from screens.browse.deleting import delete
from screens.browse.look import Look
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


async def delete_snapshots(work: Work, rows: Sequence[Any]) -> None:
    """Snapshots, which the API keeps as long as an OMI is made from them."""
    used = {image.name: None for row in rows for image in images_of(row, work.look)}
    follows = [f"{sum(row.volume_size for row in rows)} GiB of content are lost."]
    if used:
        follows.append(f"Outscale refuses it while {', '.join(used)} is made from it.")
    await delete(
        work, rows, "snapshot", follows,
        lambda row: work.client.call("DeleteSnapshot", SnapshotId=row.id),
    )  # fmt: skip


async def delete_keypairs(work: Work, rows: Sequence[Any]) -> None:
    """Key pairs; VMs keep the copies that they were given."""
    follows = ("VMs that have it keep it; new ones cannot be given it.",)
    await delete(
        work, rows, "key pair", follows,
        lambda row: work.client.call("DeleteKeypair", KeypairName=row.name),
    )  # fmt: skip


async def delete_public_ips(work: Work, rows: Sequence[Any]) -> None:
    """Public IPs, which may be somebody else's next."""
    follows = ("The address is given back; whoever asks next may get it.",)
    await delete(
        work, rows, "public IP", follows,
        lambda row: work.client.call("DeletePublicIp", PublicIpId=row.id),
    )  # fmt: skip


async def delete_security_groups(work: Work, rows: Sequence[Any]) -> None:
    """Security groups, which the API keeps as long as a VM has them."""
    follows = ("Its rules go with it. Outscale refuses it while a VM or another group uses it.",)
    await delete(
        work, rows, "security group", follows,
        lambda row: work.client.call("DeleteSecurityGroup", SecurityGroupId=row.id),
    )  # fmt: skip


async def delete_volumes(work: Work, rows: Sequence[Any]) -> None:
    """Volumes: their data is lost."""
    follows = (
        f"{sum(row.size for row in rows)} GiB of data are lost.",
        "Snapshots that were taken of it stay.",
    )
    await delete(
        work, rows, "volume", follows,
        lambda row: work.client.call("DeleteVolume", VolumeId=row.id),
    )  # fmt: skip
