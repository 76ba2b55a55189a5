"""Removing an instance, and what went with it, for which another one stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxtui.builders.oxide.builder import OxideInstanceBuilder


async def remove_outlived(builder: OxideInstanceBuilder) -> None:
    """Removes what another instance is about to stand in for.

    Raises:
        StepError: something of it cannot be removed.
    """
    found = builder.found
    gone = found.outlived
    if not gone:
        return
    await builder.setting.recorder.start_over(
        builder.service, "the instance before", only=lambda record: record.kind in gone
    )
    found.outlived = ()
