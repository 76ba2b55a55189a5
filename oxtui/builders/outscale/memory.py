"""Taking a build up again whose process ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.component.errors import StepError
from oxtui.component.protocols import StepContext, Unfinished

if TYPE_CHECKING:
    from oxtui.builders.outscale.builder import OutscaleBsuBuilder


async def recall(
    builder: OutscaleBsuBuilder, before: Unfinished, context: StepContext
) -> dict[str, str]:
    """What the first attempt made goes, and the build begins anew; one that was provisioned is not thrown away.

    Raises:
        StepError: the VM that is left was provisioned, or cannot be removed; nothing else was changed.
        OutscaleError: the API has no answer.
    """
    if before.provisioned:
        raise StepError(
            "a build on Outscale cannot go on in another process once it was provisioned. Build the "
            "template again; `oxtui sweep` removes what this session left."
        )
    client = await builder.client()
    context.say("The build begins anew")
    if left := await builder.setting.recorder.start_over(client):
        raise StepError(f"what is left of the first attempt cannot be removed: {'; '.join(left)}")
    return {}
