"""Taking temporary keys out of the guest's authorized_keys."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from oxtui.component.protocols import StepContext

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder

ROOT_KEYS = "/root/.ssh/authorized_keys"
"""Where cloud-init writes keys too, with a hint to log in as the user."""
_SPECIAL = re.compile(r"([][\\.*^$/])")
"""What means something in a pattern of sed."""


def removal(comments: Sequence[str], keep: str = "") -> str:
    """A command that takes the keys with these comments out, also of root's file where sudo asks nothing.

    keep: a public key that stays, though its comment may be the same.
    """
    spared = f"/ {_escaped(keep.split()[1])}/!" if keep else ""
    edits = [f"{spared}{{/ {_escaped(comment)}$/d;}}" for comment in comments]
    edit = "sed -i " + " ".join(f"-e {shlex.quote(each)}" for each in edits)
    return (
        f"{edit} ~/.ssh/authorized_keys || exit; "
        f"if sudo -n test -f {ROOT_KEYS} 2>/dev/null; then sudo -n {edit} {ROOT_KEYS}; fi"
    )


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


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
