"""The timeline: when each step of a build ran, and for how long."""

from __future__ import annotations

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


def timeline(build: BuildState, now: float, width: int) -> Content:
    """The whole picture, for `width` cells."""
    steps = list(build.steps.values())
    whole = max(build_seconds(build, now) or 0.0, 0.001)
    longest = max((cell_len(_name(step)) for step in steps), default=0)
    name_width = min(_NAME, longest)
    axis = max(1, width - name_width - _TIME - 4)
    begun = build.started or now
    lines = [_step(step, begun, whole, now, name_width, axis) for step in steps]
    scale = f"{'0s':<{axis // 2}}{duration(whole, exact=False):>{axis - axis // 2}}"
    return Content("\n").join(
        [*lines, Content.styled(" " * (name_width + 3) + scale, "$text-muted")]
    )


def _name(step: StepState) -> str:
    return plain(f"{step.plan.title} {step.plan.detail}".strip())


def _step(
    step: StepState, begun: float, whole: float, now: float, name_width: int, axis: int
) -> Content:
    look = STEPS[step.phase]
    tone = TONES[look.tone]
    name = set_cell_size(_name(step), name_width)
    seconds = step_seconds(step, now)
    if seconds is None or step.started is None:
        return Content.styled(f"{look.glyph} {name} {' ' * axis}  {look.word}", "$text-muted")
    start = max(0.0, (step.started - begun) / whole)
    bar = _bar(start * axis, min(1.0, start + seconds / whole) * axis)
    return Content.assemble(
        (f"{look.glyph} ", tone),
        f"{name} ",
        (set_cell_size(bar, axis), tone),
        (f"{step_duration(step, now):>{_TIME}}", "$text-muted"),
    )


def _bar(start: float, end: float) -> str:
    """A bar between two places in cells; one too short to be seen is an eighth wide."""
    first = int(start)
    eighths = max(1, round((max(end, start + 0.125) - first) * 8))
    return " " * first + "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
