"""What is done with VMs: power, deletion, and a look at what their consoles say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oxtui.logs.sanitise import plain
from screens.browse.deleting import delete
from screens.browse.power import Act
from screens.browse.work import Work
from screens.failures import sentence
from screens.wording import plural

STOPPING = (
    "Whoever works on it is cut off.",
    "Volumes stay, and cost on; outside of a Net it gets another public address at its next start.",
)


def call(action: str) -> Act:
    """An action of the API on one VM."""
    return lambda client, row: client.call(action, VmIds=[row.id])


async def delete_vms(work: Work, rows: Sequence[Any]) -> None:
    """VMs, and with each those of its volumes that are marked so."""
    devices = [each.bsu for row in rows for each in row.block_device_mappings if each.bsu]
    lost = [each.volume_id for each in devices if each.delete_on_vm_deletion]
    kept = [each.volume_id for each in devices if not each.delete_on_vm_deletion]
    addresses = [
        ip.name for row in rows for ip in work.look.referring("public-ips", "vm_id", row.id)
    ]
    follows = [
        f"{plural(len(some), 'volume')} {what}: {', '.join(some)}."
        for some, what in ((lost, "with all data will go too"), (kept, "will stay"))
        if some
    ]
    if addresses:
        follows.append(f"{', '.join(addresses)} will stay yours, and lead nowhere.")
    follows.append("It is shown as terminated for a while.")
    await delete(
        work, rows, "VM", follows, lambda row: work.client.call("DeleteVms", VmIds=[row.id])
    )


async def show_console(work: Work, rows: Sequence[Any]) -> None:
    """The latest 64 KiB of what a VM wrote to its serial port, to read; the end first."""
    from screens.files.reader import ReadDialog

    (row,) = rows
    try:
        said = await work.client.console_output(row.id)
    except Exception as error:
        work.app.notify(sentence(error), title=row.name, severity="error", timeout=30, markup=False)
        return
    lines = [plain(line) for line in said.decode(errors="replace").splitlines()]
    if not lines:
        work.say(f"{row.name} has said nothing on its console yet.")
        return
    about = f"{plural(len(lines), 'line')}, as of now; Outscale keeps the latest 64 KiB"
    dialog = ReadDialog(f"Console of {row.name}", "\n".join(lines), about, at_end=True)
    await work.app.push_screen_wait(dialog)
