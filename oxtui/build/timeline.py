"""The timeline of a build: what each step took, beside what it took in earlier runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from oxtui.build.history import History, Past, is_faster, is_slower
from oxtui.build.state import BuildState, StepState

Verdict = Literal["slower", "faster", ""]


@dataclass(frozen=True, slots=True)
class Row:
    """One step; times in seconds."""

    step: StepState
    seconds: float | None
    """What it took, or takes so far; None before it runs, and where it was reused."""
    free: float
    """When it could have begun (Unix seconds): when all before it had ended."""
    past: Past | None
    verdict: Verdict
    """Against the median of earlier runs; empty where it is as usual, or not known."""

    @property
    def name(self) -> str:
        """What it is, as text of others."""
        return f"{self.step.plan.title} {self.step.plan.detail}".strip()


class Spent(NamedTuple):
    """Where the time of a build went, in seconds; the looks at what changed are a part of its running."""

    running: float
    stood: float
    looked: float


def rows(build: BuildState, history: History, now: float) -> Iterator[Row]:
    """A row a step; `now` in Unix seconds."""
    past = history.of(build.name, [step.plan for step in build.steps.values()])
    free = now if build.started is None else build.started
    for id_, step in build.steps.items():
        seconds = None if step.phase == "reused" else step_seconds(step, now)
        known = past.get(id_)
        for look in build.looks:  # is no stop
            if free <= look.time <= (step.started or 0.0):
                free += look.seconds
        yield Row(step, seconds, free, known, _verdict(step, seconds, known))
        if step.started is not None and step.seconds is not None:
            free = max(free, step.started + step.seconds)


def spent(build: BuildState, now: float) -> Spent:
    """How long it ran, and apart from that how long it stood still at stops."""
    whole = build_seconds(build, now) or 0.0
    stands = max(0.0, now - build.pause.time) if build.pause is not None else 0.0
    stood = min(whole, build.stood + stands)
    return Spent(whole - stood, stood, sum(look.seconds for look in build.looks))


def step_seconds(step: StepState, now: float) -> float | None:
    """How long a step took or has taken so far (a reused one: when it ran); None before it runs."""
    if step.seconds is not None:
        return step.seconds
    if step.phase in ("running", "cut_off") and step.started is not None:
        return max(0.0, now - step.started)
    return None


def build_seconds(build: BuildState, now: float) -> float | None:
    """How long a build took or has taken so far; None before it runs."""
    if build.seconds is not None:
        return build.seconds
    return None if build.started is None else max(0.0, now - build.started)


def _verdict(step: StepState, seconds: float | None, past: Past | None) -> Verdict:
    if seconds is None or past is None:
        return ""
    if step.phase in ("done", "running") and is_slower(seconds, past.median):
        return "slower"
    return "faster" if step.phase == "done" and is_faster(seconds, past.median) else ""
