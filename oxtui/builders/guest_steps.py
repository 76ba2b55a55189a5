"""What builders do in the guest before its disk is captured, whatever the provider."""

from __future__ import annotations

from collections.abc import Sequence

from oxtui.communicators.ssh.authorized_keys import removal
from oxtui.component.errors import StepError
from oxtui.component.protocols import Guest, StepContext


async def clear_keys(guest: Guest, comments: Sequence[str], context: StepContext) -> None:
    """Takes keys with these comments out of the user's authorized_keys, and out of root's where sudo asks nothing.

    Raises:
        StepError: it cannot be edited.
    """
    status = await guest.reach().run(removal(comments), context.output)
    if status.status != 0:
        raise StepError(
            f"the temporary key is still in authorized_keys: sed ended with {status}. "
            "Remove it in a shell, then skip this step, or retry."
        )


async def forget_keys(
    guest: Guest, comments: Sequence[str], kept: str, context: StepContext
) -> Sequence[str]:
    """Takes temporary keys of the runs that a disk comes from out of authorized_keys, but for the public key `kept`.

    Returns:
        Comments of those that are still there, which is told.
    """
    if not comments:
        return ()
    status = await guest.reach().run(removal(comments, kept), context.output)
    if status.status == 0:
        context.say("The temporary key that was on the disk already is taken out")
        return ()
    context.note(
        f"Temporary keys of earlier runs are still in authorized_keys: sed ended with {status}. "
        "Nobody has their private halves any more; ssh_clear_authorized_keys removes them from the image.",
        "warning",
    )
    return comments


async def sync(guest: Guest, context: StepContext) -> None:
    """Writes the guest's caches to its disk: a stop through an API may cut the power.

    Raises:
        StepError: `sync` did not succeed.
    """
    status = await guest.reach().run("sync", context.output)
    if status.status != 0:
        raise StepError(
            f"sync in the guest ended with {status}, so files may be missing from the image. Retry."
        )
    context.say("The guest's file systems are written to disk")
