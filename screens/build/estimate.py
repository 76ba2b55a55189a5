"""How long a build will still take, from what its steps took the last time."""

from __future__ import annotations

from collections.abc import Mapping

from oxtui.build.state import BuildState
from screens.build.look import step_seconds


def seconds_left(build: BuildState, expected: Mapping[str, float], now: float) -> float | None:
    """Seconds until the end; None while it stands, or where a step that is still to run is not known.

    A step that takes longer than the last time counts as about to end.
    """
    if build.phase != "running":
        return None
    left = 0.0
    for step in build.steps.values():
        if step.phase in ("waiting", "running"):
            usual = expected.get(step.plan.id)
            if usual is None:
                return None
            left += max(0.0, usual - (step_seconds(step, now) or 0.0))
    return left
