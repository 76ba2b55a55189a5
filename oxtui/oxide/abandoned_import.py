"""Disks that an import left behind: the rack deletes them only after the import is ended.

Nothing of it expires by itself; the disk stays in its import state until someone ends it.
"""

from __future__ import annotations

from oxtui.oxide.client import OxideClient
from oxtui.oxide.errors import NotFound, OxideError
from oxtui.oxide.models.disk import DELETABLE_DISK_STATES, DiskStateName

SECONDS = 120.0
"""Longest wait for the rack to finalize."""


class StuckDisk(OxideError):
    """The disk does not come out of a state in which it cannot be deleted."""


async def delete_disk(client: OxideClient, disk_id: str, *, seconds: float = SECONDS) -> None:
    """Delete a disk, ending its import first if one is under way. Gone already is success.

    Raises:
        StuckDisk: It does not get into a state in which it can be deleted.
        OxideError: The rack refuses or cannot be reached.
    """
    waited = 0.0
    asked: set[str] = set()
    for pause in client.timing.growing():
        try:
            state = (await client.disks.view(disk_id)).state.state
            if state in DELETABLE_DISK_STATES:
                await client.disks.delete(disk_id)
                return
        except NotFound:
            return
        if state == DiskStateName.IMPORTING_FROM_BULK_WRITES and state not in asked:
            await client.disks.bulk_write_stop(disk_id)
        elif state == DiskStateName.IMPORT_READY and state not in asked:
            await client.disks.finalize(disk_id)
        elif waited >= seconds:
            raise StuckDisk(
                f"Disk {disk_id} stays in the state {state}, in which the rack does not delete it."
                " Try again later, or ask its support."
            )
        else:
            await client.timing.sleep(pause)
            waited += pause
        asked.add(state)
