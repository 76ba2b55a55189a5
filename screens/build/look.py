"""How builds and steps are told: glyph, word and tone; durations."""

from __future__ import annotations

from typing import NamedTuple

from oxtui.build.state import BuildPhase, BuildState, StepPhase, StepState
from oxtui.build.timeline import build_seconds as build_seconds
from oxtui.build.timeline import step_seconds as step_seconds
from oxtui.component.events import StepKind
from screens.tables.cell import Tone


class Look(NamedTuple):
    """A state as it is shown; glyph and word alone say it too."""

    glyph: str
    word: str
    tone: Tone


STEPS: dict[StepPhase, Look] = {
    "waiting": Look("·", "waiting", "muted"),
    "running": Look("◐", "running", "busy"),
    "paused": Look("⏸", "stopped", "warn"),
    "done": Look("✓", "done", "good"),
    "failed": Look("✗", "failed", "bad"),
    "skipped": Look("↷", "skipped", "muted"),
    "cancelled": Look("⊘", "cancelled", "muted"),
    "reused": Look("↻", "reused", "good"),
    "cut_off": Look("✗", "cut off", "bad"),
    "not_run": Look("·", "not run", "muted"),
}

BUILDS: dict[BuildPhase, Look] = {
    "planned": Look("·", "planned", "muted"),
    "running": Look("◐", "running", "busy"),
    "paused": Look("⏸", "stopped", "warn"),
    "succeeded": Look("✓", "succeeded", "good"),
    "failed": Look("✗", "failed", "bad"),
    "cancelled": Look("⊘", "cancelled", "muted"),
    "kept": Look("◇", "instance kept", "warn"),
    "cut_off": Look("✗", "cut off", "bad"),
}

_DOING: dict[StepKind, str] = {
    "prepare": "preparing",
    "connect": "connecting",
    "provision": "provisioning",
    "seal": "sealing",
    "capture": "capturing",
    "cleanup": "cleaning up",
    "post-process": "post-processing",
}

BREAKPOINT = "⏹"
"""Marks a step before which the build stops."""


def kind_word(kind: str) -> str:
    """The kind of a resource as a word: `oxide.ssh_key` is an ssh key."""
    return kind.rpartition(".")[2].replace("_", " ")


def build_look(build: BuildState) -> Look:
    """A build; while it runs, the word says at what."""
    look = BUILDS[build.phase]
    if build.phase == "running" and build.current is not None:
        return look._replace(word=_DOING[build.current.plan.kind])
    return look


def duration(seconds: float, *, exact: bool = True) -> str:
    """A duration: `4.2s` (or `4s`), `2:41`, `1:02:41`."""
    if seconds < 60:
        return f"{seconds:.1f}s" if exact else f"{int(seconds)}s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def step_duration(step: StepState, now: float) -> str:
    """A step's duration; whole seconds while it runs, so that it is not redrawn ten times a second."""
    seconds = step_seconds(step, now)
    return "" if seconds is None else duration(seconds, exact=step.seconds is not None)
