"""The grid: the present output of every build of a session at once, one pane each."""

from __future__ import annotations

from math import ceil, sqrt
from pathlib import Path
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from oxtui.build.state import BuildState
from screens.acting import Acts
from screens.build.focus import present_step, read_step
from screens.build.look import BUILDS
from screens.build.output import output_of
from screens.build.source import SERIAL, SessionView
from screens.build.step_line import StepLine
from screens.widgets.log.view import GRID_RATE, LogView

_NARROWEST = 56
"""Cells below which panes stand one below the other."""
_LOWEST = 7
"""Rows of a pane; more panes than find room are scrolled."""


class Pane(NamedTuple):
    """What one pane shows: a build's present step, or its serial console."""

    build: str
    serial: bool = False


def panes(builds: dict[str, BuildState]) -> list[Pane]:
    """One pane a build; a single build has its serial console beside it."""
    found = [Pane(name) for name in builds]
    return [*found, Pane(found[0].build, serial=True)] if len(found) == 1 else found


class GridPane(Vertical):
    """One of them: a line that says what it is of, and its log."""

    DEFAULT_CSS = """
    GridPane {
        border-left: blank $background;
        & StepLine { background: $surface; }
        &.-here { border-left: outer $text-accent; }
        &.-here StepLine { background: $block-cursor-background; }
    }
    """

    def __init__(self, pane: Pane) -> None:
        super().__init__()
        self.pane = pane
        self._line = StepLine()
        self.view = LogView(rate=GRID_RATE)
        self.view.can_focus = False
        self._shown: tuple[str, Path | None] | None = None

    def compose(self) -> ComposeResult:
        """Line and log."""
        yield self._line
        yield self.view

    def show(self, build: BuildState, session: SessionView, now: float) -> None:
        """Draw a build as it stands; nothing is done where nothing would look different."""
        step = build.steps.get(read_step(build, present_step(build)))
        source = SERIAL if self.pane.serial else (step.plan.id if step else "")
        if self.pane.serial:
            self._line.show_serial(build)
        elif step is not None:
            self._line.show_step(step, now, of=f"{BUILDS[build.phase].glyph} {build.name}")
        output, view = output_of(session, build, source), self.view
        view.model.live = output.live
        if (source, output.spool) != self._shown:
            self._shown = source, output.spool
            view.empty = output.empty
            view.show(output.spool, origin=output.origin, live=output.live)
        elif view.empty != output.empty:
            view.empty = output.empty
            view.changed()


class BuildGrid(Acts, Widget, can_focus=True, inherit_bindings=False):
    """Panes side by side where there is room; one of them is chosen by keys or mouse."""

    CONTEXTS = ("build.grid",)
    DEFAULT_CSS = """
    BuildGrid { layout: grid; height: 1fr; grid-gutter: 0; overflow-y: auto; }
    """

    class Chosen(Message):
        """Another pane is pointed at: keys tell its build what to do."""

        def __init__(self, build: str) -> None:
            super().__init__()
            self.build = build

    class Opened(Message):
        """The operator wants to see a build, or its serial console, alone."""

        def __init__(self, pane: Pane) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self) -> None:
        super().__init__(id="grid")
        self._panes: list[GridPane] = []
        self._index = 0
        self._columns = 1

    def show(
        self, builds: dict[str, BuildState], session: SessionView, now: float, *, here: str
    ) -> None:
        """Draw the builds of a session, `here` being the one that keys act on."""
        wanted = panes(builds)
        if wanted != [each.pane for each in self._panes]:
            for each in self._panes:
                each.remove()
            self._panes = [GridPane(pane) for pane in wanted]
            self._index = 0
            self.mount(*self._panes)
            self._arrange()
        names = [each.pane.build for each in self._panes]
        if here in names and names[self._index] != here:
            self._point(names.index(here))
        for each in self._panes:
            if each.is_mounted:
                each.show(builds[each.pane.build], session, now)
            else:
                each.call_after_refresh(each.show, builds[each.pane.build], session, now)

    def on_resize(self) -> None:
        """More or fewer find room beside each other."""
        self._arrange()

    def _arrange(self) -> None:
        count = max(1, len(self._panes))
        self._columns = max(1, min(ceil(sqrt(count)), self.size.width // _NARROWEST))
        rows = ceil(count / self._columns)
        self.styles.grid_size_columns = self._columns
        enough = self.size.height >= rows * _LOWEST
        self.styles.grid_rows = "1fr" if enough else str(_LOWEST)
        if self._panes:
            self._point(self._index)

    def _move_to(self, index: int) -> None:
        if 0 <= index < len(self._panes):
            self._point(index)
            self.post_message(self.Chosen(self._panes[index].pane.build))

    def _point(self, index: int) -> None:
        self._index = index
        for number, each in enumerate(self._panes):
            each.set_class(number == index, "-here")
        self.scroll_to_widget(self._panes[index], animate=False)

    def on_click(self, event: events.Click) -> None:
        """Choose a pane; twice: open it."""
        for number, each in enumerate(self._panes):
            if event.widget is not None and each in event.widget.ancestors_with_self:
                self._move_to(number)
                if event.chain > 1:
                    self.do_open()

    # acting

    def do_left(self) -> None:
        """The pane before."""
        self._move_to(self._index - 1)

    def do_right(self) -> None:
        """The next pane."""
        self._move_to(self._index + 1)

    def do_up(self) -> None:
        """The pane above."""
        self._move_to(self._index - self._columns)

    def do_down(self) -> None:
        """The pane below."""
        self._move_to(self._index + self._columns)

    def do_open(self) -> None:
        """The chosen one alone, with everything that can be done there."""
        if self._panes:
            self.post_message(self.Opened(self._panes[self._index].pane))
