"""The timeline: when each step of a build ran, for how long, and how that is against earlier runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from oxtui.build.history import NOTHING, History
from oxtui.build.state import BuildState
from oxtui.build.timeline import Row, Verdict, build_seconds, rows, spent
from oxtui.logs.sanitise import plain
from screens.build.look import STEPS, Look, duration, step_duration
from screens.build.text_tab import TextTab
from screens.widgets.top_line import TONES
from screens.wording import plural

_NAME = 24
"""Widest name of a step, in cells..."""
_SHORT = 18
"""...and where the columns of earlier runs leave little room."""
_NARROW = 96
_TIME = 8
_MARK = 10
_STOP = "┄"
"""Drawn where the build stood still before a step."""
_NOTICED = 1.0
"""Seconds from which on that is drawn."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
VERDICTS: dict[Verdict, Look] = {
    "slower": Look("▲", "slower", "warn"),
    "faster": Look("▼", "faster", "good"),
    "": Look("", "", ""),
}


class Timeline(TextTab):
    """A bar a step, on one axis."""

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self._drawn: tuple[object, ...] = ()
        self._shown: tuple[BuildState, History, float] | None = None

    def show(self, build: BuildState, history: History, now: float) -> None:
        """Draw a build as it stands now."""
        self._shown = build, history, now
        whole = build_seconds(build, now) or 0.0
        drawn = (build.steps, history, self.room, int(whole))
        if drawn != self._drawn and self.room:
            self._drawn = drawn
            self.draw(timeline(build, now, self.room, history))

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


@dataclass(frozen=True, slots=True)
class _Layout:
    name: int
    axis: _Axis
    past: bool
    """Whether there are columns of earlier runs."""


def timeline(build: BuildState, now: float, width: int, history: History = NOTHING) -> Content:
    """The whole picture, for `width` cells."""
    drawn = list(rows(build, history, now))
    past = any(row.past for row in drawn)
    whole = max(build_seconds(build, now) or 0.0, 0.001)
    widest = _SHORT if past and width < _NARROW else _NAME
    name = min(widest, max((cell_len(plain(row.name)) for row in drawn), default=0))
    columns = 2 * _TIME + _MARK if past else 0
    axis = _Axis(build.started or now, whole, max(1, width - name - _TIME - 4 - columns))
    layout = _Layout(name, axis, past)
    left = axis.cells // 2
    scale = f"{'0s':<{left}}{duration(whole, exact=False):>{axis.cells - left}}"
    lines = [_step(row, now, layout) for row in drawn]
    lines.append(Content.styled(" " * (name + 3) + scale, "$text-muted"))
    if past:
        head = f"{'THIS':>{_TIME}}{'LAST':>{_TIME}}{'MEDIAN':>{_TIME}}"
        indent = " " * (name + 3 + axis.cells)
        lines.insert(0, Content.styled(indent + head, "bold $text-muted"))
    return Content("\n").join([*lines, *_told(build, drawn, now)])


def _told(build: BuildState, drawn: Sequence[Row], now: float) -> list[Content]:
    """Where the time went, and what the columns are."""
    told = []
    time = spent(build, now)
    if time.stood > _NOTICED:
        running, stood = (duration(each, exact=False) for each in (time.running, time.stood))
        told.append(f"{_STOP * 2} It ran for {running} and stood still at stops for {stood}.")
    if time.looked:
        told.append(f"It looked for {duration(time.looked)} at what changed in the guest.")
    if runs := max((row.past.runs for row in drawn if row.past), default=0):
        told.append(
            f"Median of {plural(runs, 'earlier run')}; ▲ clearly slower than that, ▼ clearly faster."
        )
    reused = sum(row.step.seconds or 0.0 for row in drawn if row.step.phase == "reused")
    if reused:
        told.append(f"↻ Steps that were reused took {duration(reused, exact=False)} when they ran.")
    return [Content(""), *(Content.styled(line, "$text-muted") for line in told)] if told else []


def _step(row: Row, now: float, layout: _Layout) -> Content:
    step, axis, seconds = row.step, layout.axis, row.seconds
    look = STEPS[step.phase]
    tone = TONES[look.tone]
    name = set_cell_size(plain(row.name), layout.name)
    if seconds is None or step.started is None:
        word = f"{look.word:>{axis.cells + _TIME}}"
        if step.phase == "reused":
            return Content.assemble(
                (f"{look.glyph} ", tone), f"{name} ", (word, tone), _past(row, layout)
            )
        muted = Content.styled(f"{look.glyph} {name} {word}", "$text-muted")
        return Content.assemble(muted, _past(row, layout))
    start = axis.place(step.started)
    first = min(int(start), axis.cells - 1)
    # What lies between is a stop: somebody looked around in the instance.
    stood = first - ceil(axis.place(row.free)) if step.started - row.free > _NOTICED else 0
    bar = _bar(start - first, axis.place(step.started + seconds) - first)
    return Content.assemble(
        (f"{look.glyph} ", tone),
        f"{name} {' ' * (first - max(0, stood))}",
        (_STOP * stood, "$text-muted"),
        (set_cell_size(bar, axis.cells - first), tone),
        (f"{step_duration(step, now):>{_TIME}}", "$text-muted"),
        _past(row, layout),
    )


def _past(row: Row, layout: _Layout) -> Content:
    """The columns of earlier runs."""
    if not layout.past:
        return Content("")
    look, past = VERDICTS[row.verdict], row.past
    times = ("–", "–") if past is None else (duration(past.last), duration(past.median))
    mark = f"  {look.glyph} {look.word}".ljust(_MARK)
    return Content.assemble(
        ("".join(f"{time:>{_TIME}}" for time in times), "$text-muted"), (mark, TONES[look.tone])
    )


def _bar(start: float, end: float) -> str:
    """A bar from a place in its first cell to an end; one too short to be seen is an eighth wide."""
    eighths = max(1, round(max(end, start + 0.125) * 8))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
