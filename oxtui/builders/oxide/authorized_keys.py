"""Taking temporary keys of earlier runs out of the guest's authorized_keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.communicators.ssh.authorized_keys import removal
from oxtui.component.protocols import StepContext

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder


async def forget_keys(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Takes out the temporary keys of the runs that the disk comes from."""
    found = builder.found
    begun = builder.disk.own or builder.disk.start
    old = begun.temporary_keys if begun is not None else ()
    if not old:
        return
    status = await builder.guest.reach().run(removal(old, found.public_key), context.output)
    if status.status == 0:
        context.say("The temporary key that was on the disk already is taken out")
        found.key_comments = found.key_comments[:1]
        return
    found.key_comments = (*found.key_comments[:1], *old)
    context.note(
        f"Temporary keys of earlier runs are still in authorized_keys: sed ended with {status}. "
        "Nobody has their private halves any more; ssh_clear_authorized_keys removes them from the image.",
        "warning",
    )
