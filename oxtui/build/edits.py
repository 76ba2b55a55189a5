"""What an operator changes of a step: kept for the session, and told as a text before and after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from oxtui.build.post_processing.step import PostProcessorStep
from oxtui.build.steps import ProvisionerStep
from oxtui.component.errors import StepError
from oxtui.component.events import StepEdited
from oxtui.component.protocols import Guest

if TYPE_CHECKING:
    from oxtui.build.editing import Editable


async def edit(
    step: ProvisionerStep | PostProcessorStep,
    changes: Mapping[str, Any],
    guest: Guest,
    build: str,
    now: Callable[[], float],
) -> StepEdited:
    """Changes options of a step (values by option name) from its next attempt on."""
    step.changes.update(changes)
    before, after = await asyncio.to_thread(_texts, step, guest)
    return StepEdited(
        time=now(), build=build, step=step.plan.id, changes=changes,
        before=before.text, after=after.text, language=after.language,
    )  # fmt: skip


def _texts(step: ProvisionerStep | PostProcessorStep, guest: Guest) -> tuple[Editable, Editable]:
    """The step as the session began, and as it is now."""
    return _text(replace(step, changes={}), guest), _text(step, guest)


def _text(step: ProvisionerStep | PostProcessorStep, guest: Guest) -> Editable:
    from oxtui.build.editing import Editable, written  # pydantic: to list sessions takes none

    try:
        return written(step, guest)
    except StepError:  # what it says is told where the step runs
        return Editable(step.plan.title, "hcl", "")
