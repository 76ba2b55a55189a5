"""The timeline: when each step of a build ran, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Static

from oxtui.build.state import BuildState, StepState
from oxtui.logs.sanitise import plain
from screens.build.look import STEPS, build_seconds, duration, step_duration, step_seconds
from screens.widgets.top_line import TONES

_NAME = 24
"""Widest name of a step, in cells."""
_TIME = 8
_STOP = "┄"
"""Drawn where the build stood still before a step."""
_NOTICED = 1.0
"""Seconds from which on that is drawn."""
_EIGHTHS = " ▏▎▍▌▋▊▉"


class Timeline(Static):
    """A bar a step, on one axis."""

    DEFAULT_CSS = "Timeline { height: 1fr; padding: 1 2; overflow-y: auto; }"

    def __init__(self) -> None:
        super().__init__("", markup=False, id="timeline")
        self._drawn: tuple[object, ...] = ()
        self._shown: tuple[BuildState, float] | None = None

    def show(self, build: BuildState, now: float) -> None:
        """Draw a build as it stands now."""
        self._shown = build, now
        whole = build_seconds(build, now) or 0.0
        width = self.content_size.width
        drawn = (build.steps, width, int(whole))
        if drawn != self._drawn and width:
            self._drawn = drawn
            self.update(timeline(build, now, width))

    def on_resize(self) -> None:
        """The axis has another length."""
        if self._shown is not None:
            self.show(*self._shown)


@dataclass(frozen=True, slots=True)
class _Axis:
    begun: float
    seconds: float
    cells: int

    def place(self, moment: float) -> float:
        """Where a moment lies, in cells."""
        part = (moment - self.begun) / self.seconds
        return min(1.0, max(0.0, part)) * self.cells


def timeline(build: BuildState, now: float, width: int) -> Content:
    """The whole picture, for `width` cells."""
    steps = list(build.steps.values())
    whole = max(build_seconds(build, now) or 0.0, 0.001)
    longest = max((cell_len(_name(step)) for step in steps), default=0)
    name_width = min(_NAME, longest)
    axis = _Axis(build.started or now, whole, max(1, width - name_width - _TIME - 4))
    lines = [
        _step(step, now, name_width, axis, free)
        for step, free in zip(steps, _free(steps, axis.begun), strict=True)
    ]
    left = axis.cells // 2
    scale = f"{'0s':<{left}}{duration(whole, exact=False):>{axis.cells - left}}"
    return Content("\n").join(
        [*lines, Content.styled(" " * (name_width + 3) + scale, "$text-muted")]
    )


def _name(step: StepState) -> str:
    return plain(f"{step.plan.title} {step.plan.detail}".strip())


def _free(steps: list[StepState], begun: float) -> Iterator[float]:
    """For each step, when it could have begun: when all before it had ended."""
    for step in steps:
        yield begun
        if step.started is not None and step.seconds is not None:
            begun = max(begun, step.started + step.seconds)


def _step(step: StepState, now: float, name_width: int, axis: _Axis, free: float) -> Content:
    look = STEPS[step.phase]
    tone = TONES[look.tone]
    name = set_cell_size(_name(step), name_width)
    seconds = step_seconds(step, now)
    if seconds is None or step.started is None:
        return Content.styled(f"{look.glyph} {name} {' ' * axis.cells}  {look.word}", "$text-muted")
    start = axis.place(step.started)
    first = min(int(start), axis.cells - 1)
    # What lies between is a stop: somebody looked around in the instance.
    stood = first - ceil(axis.place(free)) if step.started - free > _NOTICED else 0
    bar = _bar(start - first, axis.place(step.started + seconds) - first)
    return Content.assemble(
        (f"{look.glyph} ", tone),
        f"{name} {' ' * (first - max(0, stood))}",
        (_STOP * stood, "$text-muted"),
        (set_cell_size(bar, axis.cells - first), tone),
        (f"{step_duration(step, now):>{_TIME}}", "$text-muted"),
    )


def _bar(start: float, end: float) -> str:
    """A bar from a place in its first cell to an end; one too short to be seen is an eighth wide."""
    eighths = max(1, round(max(end, start + 0.125) * 8))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
