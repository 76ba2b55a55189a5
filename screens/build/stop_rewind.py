"""Where a build can go back to, as choices: its checkpoints, and the source image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from oxtui.build.state import BuildState, StepState
from oxtui.logs.sanitise import plain
from screens.dialogs.choice import Choice
from screens.wording import age, size


def rewind_choices(build: BuildState, now: float) -> list[Choice]:
    """One for each checkpoint, the latest first, then the source image; the key is the step that would run first."""
    return [*list(_choices(build, now))[::-1], *_from_source(build)]


def _from_source(build: BuildState) -> Iterator[Choice]:
    """All provisioners again, where that is no checkpoint's to offer."""
    steps = list(build.steps.values())
    for before, step in pairwise(steps):
        if step.plan.kind == "provision":
            if before.checkpoint is None:
                yield Choice(
                    step.plan.id, f"before {_name(step)}", f"the source image; {_again(steps)}"
                )
            return


def _again(steps: Sequence[StepState]) -> str:
    names = ", ".join(plain(each.plan.title) for each in steps if _has_run(each))
    return f"again: {names or 'nothing that has run'}"


def _choices(build: BuildState, now: float) -> Iterator[Choice]:
    steps = list(build.steps.values())
    for taken, (step, following) in enumerate(pairwise(steps)):
        if step.checkpoint is None:
            continue
        age_ = age(datetime.fromtimestamp(step.checkpoint.time, UTC), now)
        yield Choice(
            following.plan.id,
            f"before {_name(following)}",
            f"{age_}, disk of {size(step.checkpoint.size)}; {_again(steps[taken + 1 :])}",
        )


def _has_run(step: StepState) -> bool:
    return step.plan.kind == "provision" and step.phase not in ("waiting", "paused")


def _name(step: StepState) -> str:
    return plain(f"{step.plan.title} {step.plan.detail}".rstrip())
