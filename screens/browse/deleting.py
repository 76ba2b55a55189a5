"""Deleting: the operator types what goes, after reading what goes with it and what stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from oxtui.oxide import effects
from screens.browse.work import Work
from screens.wording import plural, size


async def delete_images(work: Work, rows: Sequence[Any]) -> None:
    """Images: nothing can be made from them any more."""
    disks = sum(len(work.look.referring("disks", "image_id", row.id)) for row in rows)
    follows = effects.deleting_images(rows, disks)
    await delete(work, rows, "image", follows, lambda row: work.client.images.delete(row.id))


async def delete_disks(work: Work, rows: Sequence[Any]) -> None:
    """Disks: their data is lost."""
    total = size(sum(row.size for row in rows))
    follows = effects.deleting_disks(total)
    await delete(work, rows, "disk", follows, lambda row: work.client.disks.delete(row.id))


async def delete_snapshots(work: Work, rows: Sequence[Any]) -> None:
    """Snapshots: images made from them stay."""
    freed = size(sum(row.size for row in rows))
    follows = effects.deleting_snapshots(freed)
    act = work.client.snapshots
    await delete(work, rows, "snapshot", follows, lambda row: act.delete(row.id))


async def delete_keys(work: Work, rows: Sequence[Any]) -> None:
    """SSH keys: instances keep the copies that they were given."""
    follows = effects.deleting_keys()
    act = work.client.ssh_keys
    await delete(work, rows, "SSH key", follows, lambda row: act.delete(row.id))


async def delete_instances(work: Work, rows: Sequence[Any]) -> None:
    """Instances: their disks stay, unless the boot disks are to go too."""
    found = (work.look.row("disks", row.boot_disk_id) for row in rows)
    boot = [disk for disk in found if disk is not None]
    attached = [
        disk for row in rows for disk in work.look.referring("disks", "state.instance", row.id)
    ]
    follows = effects.deleting_instances([disk.name for disk in attached])
    names = ", ".join(f"{disk.name} ({size(disk.size)})" for disk in boot)
    extra = f"delete its boot disk too: {names}" if boot else ""

    async def boot_disk(row: Any) -> None:
        if row.boot_disk_id is not None:
            await work.client.disks.delete(row.boot_disk_id)

    act = work.client.instances
    await delete(work, rows, "instance", follows, lambda row: act.delete(row.id), extra, boot_disk)


async def delete(
    work: Work,
    rows: Sequence[Any],
    noun: str,
    follows: Sequence[str],
    act: Callable[[Any], Awaitable[object]],
    extra: str = "",
    also: Callable[[Any], Awaitable[object]] | None = None,
) -> None:
    """Ask, telling what follows, and delete each row with `act`; `also` what is its, where the `extra` is wanted."""
    wanted = await _confirm(work, rows, noun, follows, extra)
    if wanted is None:
        return

    async def one(row: Any) -> None:
        await act(row)
        if wanted and also is not None:
            await also(row)

    await work.each(rows, one, "Deleted")


async def _confirm(
    work: Work, rows: Sequence[Any], noun: str, follows: Sequence[str], extra: str
) -> bool | None:
    """Ask, telling what follows; None for no, otherwise whether the extra is wanted."""
    if len(rows) == 1:
        title, word = f"Delete {noun}", rows[0].name
        text = f"Delete the {noun} {rows[0].name}?"
    else:
        title, word = f"Delete {plural(len(rows), noun)}", f"delete {len(rows)}"
        text = f"Delete {plural(len(rows), noun)}: {', '.join(row.name for row in rows)}?"
    answer = await work.confirm(title, text, effects=follows, word=word, extra=extra)
    return None if answer is None else answer.extra
