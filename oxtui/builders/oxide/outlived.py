"""Removing an instance, and what went with it, for which another one stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.component.errors import StepError

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder
    from oxtui.oxide.client import OxideClient


async def remove_outlived(builder: OxideInstanceBuilder, client: OxideClient) -> None:
    """Removes what another instance is about to stand in for.

    Raises:
        StepError: something of it cannot be removed.
    """
    found = builder.found
    gone = found.outlived
    if not gone:
        return
    recorder = builder.setting.recorder
    if left := await recorder.start_over(client, only=lambda record: record.kind in gone):
        raise StepError(f"the instance before cannot be removed: {'; '.join(left)}")
    found.outlived = ()
