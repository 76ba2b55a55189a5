"""Taking temporary keys of earlier runs out of the guest's authorized_keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.builders import guest_steps
from oxtui.component.protocols import StepContext

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder


async def forget_keys(builder: OxideInstanceBuilder, context: StepContext) -> None:
    """Takes out the temporary keys of the runs that the disk comes from."""
    found = builder.found
    begun = builder.disk.own or builder.disk.start
    old = begun.temporary_keys if begun is not None else ()
    left = await guest_steps.forget_keys(builder.guest, old, found.public_key, context)
    found.key_comments = (*found.key_comments[:1], *left)
