"""The checkpoints that a build can go back to, as choices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from oxtui.build.state import BuildState, StepState
from oxtui.logs.sanitise import plain
from screens.dialogs.choice import Choice
from screens.wording import age, size


def rewind_choices(build: BuildState, now: float) -> list[Choice]:
    """One for each checkpoint, the latest first; the key is the step that would run first."""
    return list(_choices(build, now))[::-1]


def _choices(build: BuildState, now: float) -> Iterator[Choice]:
    steps = list(build.steps.values())
    for taken, (step, following) in enumerate(pairwise(steps)):
        if step.checkpoint is None:
            continue
        age_ = age(datetime.fromtimestamp(step.checkpoint.time, UTC), now)
        again = [each for each in steps[taken + 1 :] if _has_run(each)]
        names = ", ".join(plain(each.plan.title) for each in again) or "nothing that has run"
        yield Choice(
            following.plan.id,
            f"before {_name(following)}",
            f"{age_}, disk of {size(step.checkpoint.size)}; again: {names}",
        )


def _has_run(step: StepState) -> bool:
    return step.plan.kind == "provision" and step.phase not in ("waiting", "paused")


def _name(step: StepState) -> str:
    return plain(f"{step.plan.title} {step.plan.detail}".rstrip())
