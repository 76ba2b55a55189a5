"""The step rail: every step of a build with its state and time, one of them selected."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from oxtui.build.state import BuildState, StepState
from oxtui.logs.sanitise import plain
from screens.acting import Acts
from screens.build.look import BREAKPOINT, STEPS, step_duration
from screens.widgets.top_line import TONES

_NARROW = 26
"""Below this width only glyph and name are shown."""
_DETAIL = 8
"""Cells from which on a detail is told although it must be cut."""
_STATE = 8
"""Cells of the state's word."""
_TIME = 7
"""Cells of the time."""


class StepRail(Acts, Widget, can_focus=True, inherit_bindings=False):
    """Draws the steps; the screen says which build, and is told when another step is selected."""

    CONTEXTS = ("build.steps",)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rail--cursor",
        "rail--detail",
        *(f"rail--{tone}" for tone in TONES if tone),
    }
    DEFAULT_CSS = """
    StepRail {
        height: 1fr;
        background: $surface;
        & > .rail--cursor { background: $panel; }
        &:focus > .rail--cursor { background: $block-cursor-background; text-style: bold; }
        & > .rail--detail { color: $text-muted; }
        & > .rail--good { color: $text-success; }
        & > .rail--busy { color: $text-secondary; }
        & > .rail--warn { color: $text-warning; }
        & > .rail--bad { color: $text-error; }
        & > .rail--muted { color: $text-muted; }
        & > .rail--accent { color: $text-accent; }
    }
    """

    class Selected(Message):
        """The operator selected a step."""

        def __init__(self, step: str) -> None:
            super().__init__()
            self.step = step

    class Opened(Message):
        """The operator wants to read the output of the selected step."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[StepState, ...] = ()
        self._selected = ""
        self._drawn: tuple[object, ...] = ()
        self._now = 0.0
        self._top = 0
        self._styles_by_class: dict[str, Style] = {}

    def show(self, build: BuildState, selected: str, now: float) -> None:
        """Draw a build; nothing is done where nothing would look different."""
        steps = tuple(build.steps.values())
        drawn = (
            selected,
            tuple(
                (step.plan, step.phase, _marks(step), step_duration(step, now)) for step in steps
            ),
        )
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._steps, self._selected, self._now = steps, selected, now
        self._keep_in_view()
        self.refresh()

    # acting

    def do_up(self) -> None:
        """The step above."""
        self._select(self._index - 1)

    def do_down(self) -> None:
        """The step below."""
        self._select(self._index + 1)

    def do_open(self) -> None:
        """Into its output."""
        self.post_message(self.Opened())

    def on_click(self, event: events.Click) -> None:
        """Select a step."""
        self._select(event.y + self._top)

    @property
    def _index(self) -> int:
        ids = [step.plan.id for step in self._steps]
        return ids.index(self._selected) if self._selected in ids else 0

    def _select(self, index: int) -> None:
        if 0 <= index < len(self._steps):
            self.post_message(self.Selected(self._steps[index].plan.id))

    def _keep_in_view(self) -> None:
        height = max(1, self.size.height)
        last_top = max(0, len(self._steps) - height)
        self._top = min(max(self._top, self._index - height + 1), self._index, last_top)

    # drawing

    def on_resize(self) -> None:
        """The selected step stays in view."""
        self._keep_in_view()
        self.refresh()

    def notify_style_update(self) -> None:
        """Another theme: styles are looked up anew."""
        self._styles_by_class.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One step."""
        width = self.size.width
        index = y + self._top
        if index >= len(self._steps):
            return Strip.blank(width, self.rich_style)
        step = self._steps[index]
        selected = index == self._index
        base = self.rich_style + (self._style("cursor") if selected else Style.null())
        look = STEPS[step.phase]
        tone = base + self._style(look.tone)
        segments = [
            Segment("›" if selected else " ", base + self._style("accent")),
            Segment(f"{look.glyph} ", tone),
        ]
        right = [] if width < _NARROW else self._right(step, base)
        room = width - 3 - sum(cell_len(segment.text) for segment in right)
        if width < _NARROW and _marks(step):
            right, room = [Segment(f" {BREAKPOINT}", base + self._style("warn"))], room - 2
        segments += self._title(step, room, base)
        return Strip([*segments, *right]).adjust_cell_length(width, base)

    def _title(self, step: StepState, room: int, base: Style) -> list[Segment]:
        waiting = step.phase in ("waiting", "skipped", "not_run")
        style = base + self._style("muted") if waiting else base
        title = plain(step.plan.title)
        detail = plain(step.plan.detail)
        rest = room - cell_len(title) - 1
        if not detail or (rest < cell_len(detail) and rest < _DETAIL):
            return [Segment(_fit(title, room), style)]
        told = _fit(f" {detail}", rest + 1)
        return [Segment(title, style), Segment(told, base + self._style("detail"))]

    def _right(self, step: StepState, base: Style) -> list[Segment]:
        look = STEPS[step.phase]
        marks = _marks(step)
        if marks and step.phase == "waiting":
            text = f" {BREAKPOINT} {marks}"
            style = base + self._style("warn")
            return [Segment(text.ljust(_STATE + _TIME + 2), style)]
        time = step_duration(step, self._now)
        return [
            *([Segment(BREAKPOINT, base + self._style("warn"))] if marks else []),
            Segment(f"{'' if marks else ' '}{look.word:<{_STATE}}", base + self._style(look.tone)),
            Segment(f"{time:>{_TIME}} ", base + self._style("detail")),
        ]

    def _style(self, name: str) -> Style:
        if name not in self._styles_by_class:
            found = self.get_component_rich_style(f"rail--{name}", partial=True)
            self._styles_by_class[name] = found
        return self._styles_by_class[name]


def _marks(step: StepState) -> str:
    """Where it still stops, in words; empty if it does not."""
    before = step.breakpoint and step.phase == "waiting"
    after = step.break_after and step.phase in ("waiting", "paused", "running")
    if before and after:
        return "before, after"
    return "break" if before else "break after" if after else ""


def _fit(text: str, width: int) -> str:
    """Cut with an ellipsis or padded to a width."""
    if cell_len(text) <= width:
        return set_cell_size(text, max(0, width))
    return set_cell_size(text, max(0, width - 1)).rstrip() + "…" if width > 0 else ""
