"""What a session's state tells of what it ran: the parts of it that a template can say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oxtui.build.state import BuildState, StepState

_IMAGE = re.compile(r"(?P<name>.*) \((?P<id>[0-9a-f-]{36})\)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a provisioner in one build."""

    skipped: bool = False
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Options that the operator changed."""


def provisioner_steps(build: BuildState) -> list[StepState]:
    """The steps of provisioners, in their order."""
    return [step for step in build.steps.values() if step.plan.kind == "provision"]


def outcome(step: StepState) -> Outcome | None:
    """What became of a provisioner; None where the build ended before it came to it."""
    if step.phase == "skipped":
        return Outcome(skipped=True)
    if step.phase == "waiting" and not step.changes:
        return None
    return Outcome(changes=dict(step.changes))


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
