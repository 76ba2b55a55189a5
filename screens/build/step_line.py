"""The line above the output: which step it is of, and how that step stands."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from oxtui.build.history import is_slower
from oxtui.build.state import BuildState, StepState
from oxtui.component.debugger_events import StepMarkedDone
from oxtui.logs.sanitise import plain
from screens.build.look import STEPS, duration, step_duration, step_seconds
from screens.widgets.top_line import TONES


class StepLine(Widget):
    """Name at the left, state at the right; the name gives way."""

    DEFAULT_CSS = """
    StepLine { height: 1; padding: 0 1; background: $background; color: $text; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._left = Content("")
        self._right = Content("")

    def show_step(
        self, step: StepState, now: float, usual: float | None = None, *, of: str = ""
    ) -> None:
        """Tell of a step, which took `usual` seconds the last time; `of` which build, if that is said."""
        look = STEPS[step.phase]
        title, detail = plain(step.plan.title), plain(step.plan.detail)
        told = [part for part in (detail, _progress(step)) if part]
        build = (f"{plain(of)}  ", "bold $text-accent") if of else ""
        left = Content.assemble(build, (title, "bold"), "  ", (" · ".join(told), "$text-muted"))
        facts = [f"{look.glyph} {look.word}{' by hand' if _marked(step) else ''}"]
        if step.failure and step.failure.exit_status is not None:
            facts.append(f"exit {step.failure.exit_status}")
        if time := step_duration(step, now):
            facts.append(time + _compared(step, now, usual))
        if step.attempt > 1:
            facts.append(f"attempt {step.attempt}")
        if step.edit is not None:
            facts.append("edited")
        right = Content.styled(" · ".join(facts), TONES[look.tone])
        self._show(left, right)

    def show_serial(self, build: BuildState) -> None:
        """Tell of the serial console."""
        left = Content.assemble(("serial console", "bold"), "  ", plain(build.instance))
        self._show(left, Content.styled(plain(build.instance_state), "$text-muted"))

    def clear(self) -> None:
        """Tell of nothing."""
        self._show(Content(""), Content(""))

    def _show(self, left: Content, right: Content) -> None:
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render(self) -> Content:
        """Both sides."""
        width = self.content_size.width
        right = self._right.truncate(width, ellipsis=True)
        room = max(0, width - cell_len(right.plain) - 2)
        left = self._left.truncate(room, ellipsis=True)
        gap = max(0, width - cell_len(left.plain) - cell_len(right.plain))
        return Content.assemble(left, " " * gap, right)


def _marked(step: StepState) -> bool:
    """It counts as done as the operator says so, who did that last of all here."""
    return step.phase == "done" and isinstance(next(iter(step.by_hand[::-1]), None), StepMarkedDone)


def _compared(step: StepState, now: float, usual: float | None) -> str:
    """The last time's duration: while the step runs, and where it took clearly longer."""
    seconds = step_seconds(step, now)
    if usual is None or seconds is None:
        return ""
    if step.phase == "running":
        return f" of ≈ {duration(usual, exact=False)}"
    slow = step.phase == "done" and is_slower(seconds, usual)
    return f", last time {duration(usual)}" if slow else ""


def _progress(step: StepState) -> str:
    progress = step.progress
    if progress is None or step.phase != "running":
        return ""
    text = plain(progress.text)
    if progress.done is None or not progress.total:
        return text
    return f"{text} {100 * progress.done / progress.total:.0f} %"
