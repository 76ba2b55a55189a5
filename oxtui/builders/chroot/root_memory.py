"""What a root has to know to go on in another process, whatever it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from oxtui.builders.chroot.chroot import Chroot
from oxtui.builders.chroot.placed_files import PlacedFile
from oxtui.builders.chroot.unmounting import end_processes
from oxtui.component.protocols import StepContext, Unfinished

_GUEST = "connect"


def remember(chroot: Chroot) -> dict[str, Any]:
    """Where it is and what is in it for the provisioners alone, as JSON can hold it."""
    return {
        "device": chroot.device,
        "path": chroot.path,
        "placed": [asdict(each) for each in chroot.placed],
    }


def restore(chroot: Chroot, memory: Mapping[str, Any]) -> None:
    """What was remembered is known again."""
    chroot.device, chroot.path = memory["device"], memory["path"]
    chroot.placed = [PlacedFile(**each) for each in memory["placed"]]


def forget(chroot: Chroot) -> None:
    """There is no root yet."""
    chroot.device = chroot.path = ""
    chroot.placed = []


async def go_on(
    chroot: Chroot, done: Sequence[str], before: Unfinished, context: StepContext
) -> dict[str, str]:
    """Takes it up: what still runs in it is ended.

    Args:
        chroot: the root, restored.
        done: ids of the builder's own steps that an earlier process did.
        before: how far that came.
        context: of the step that takes the build up.

    Returns:
        The ids of steps that need not run.

    Raises:
        StepError: something in it cannot be ended.
    """
    if chroot.is_mounted:  # a script that the end of the process cut off may run on by itself
        await end_processes(chroot.host, chroot.root, context.say)
    needed = before.needs_guest and "clean-root" not in done
    return {each: "" for each in done if each != _GUEST or not needed}
