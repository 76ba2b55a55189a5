"""What a session's state tells of what it ran: the parts of it that a template can say."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oxtui.build.state import BuildState, StepState
from oxtui.component.debugger_events import StepMarkedDone
from oxtui.component.events import StepPlan

_IMAGE = re.compile(r"(?P<name>.*) \((?P<id>[0-9a-f-]{36})\)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a provisioner or a post-processor in one build."""

    skipped: bool = False
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Options that the operator changed."""
    marked: bool = field(default=False, compare=False)
    """The operator did its work by hand, which changes nothing in the template."""


def provisioner_steps(build: BuildState) -> list[StepState]:
    """The steps of the template's provisioners, in their order; not those that the operator added."""
    added = {each.plan.id for each in build.added}
    return [
        step
        for id_, step in build.steps.items()
        if step.plan.kind == "provision" and id_ not in added
    ]


def outcome(step: StepState) -> Outcome | None:
    """What became of a provisioner; None where the build ended before it came to it."""
    if step.phase == "skipped":
        return Outcome(skipped=True)
    if step.phase in ("waiting", "not_run") and not step.changes:
        return None
    # A step that was reused ran in an earlier session, and its effect is in the image all the same.
    marked = any(isinstance(each, StepMarkedDone) for each in step.by_hand)
    return Outcome(changes=dict(step.changes), marked=marked)


def post_processor_outcomes(
    build: BuildState, chains: Sequence[Sequence[str]]
) -> list[list[tuple[StepPlan, Outcome] | None]]:
    """What became of each post-processor; None of one that the build left out or did not come to.

    chains: the names, or types where there is none, of those of the template. The session may have had
    fewer of them (`-except`), in the same order.
    """
    left = deque(_in_order(build))
    found = []
    for titles in chains:
        chain: list[tuple[StepPlan, Outcome] | None] = []
        is_broken = False
        for title in titles:
            step = left.popleft() if left and left[0].plan.title == title else None
            became = None if step is None else outcome(step)
            # Those behind one that failed are skipped, and all of them where nothing was made.
            if became is not None and became.skipped and step is not None and step.failure is None:
                became = None if is_broken or not build.artifacts else became
            is_broken = is_broken or (step is not None and step.phase == "failed")
            chain.append(None if step is None or became is None else (step.plan, became))
        found.append(chain)
    return found


def _in_order(build: BuildState) -> list[StepState]:
    """The steps of post-processors as in the template: those that need the machine ran before the others."""
    numbered = [
        (int(number), step)
        for id_, step in build.steps.items()
        if (number := id_.removeprefix("post-process-")).isdigit()
    ]
    return [step for _, step in sorted(numbered, key=lambda each: each[0])]


def planned_value(build: BuildState, name: str) -> tuple[str, bool]:
    """A value that the build used, and whether the template gave it; empty if it is not known."""
    for value in build.values:
        if value.name == name:
            return value.value, value.source == "template"
    return "", False


def source_image(build: BuildState) -> tuple[str, str] | None:
    """Name and id of the image that the build began with; None if it did not get to look."""
    found = _IMAGE.fullmatch(planned_value(build, "source image")[0])
    return (found["name"], found["id"]) if found else None
