"""Moving about in the Build screen: steps, builds, tabs, errors, and logs into files."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from textual import on
from textual.widget import Widget

from oxtui.build.state import ResourceState
from oxtui.component.events import ApiCalled
from screens.build.commanding import Commanding
from screens.build.log_files import first_error, write_text
from screens.build.rail import StepRail
from screens.build.source import SERIAL
from screens.build.tab_line import BuildTabs
from screens.build.tables import BuildTable, calls, resources
from screens.widgets.log.pane import LogPane
from screens.wording import plural


class Moving(Commanding):
    """The part of the Build screen that shows another part of the session."""

    def __init__(self) -> None:
        super().__init__()
        self.rail = StepRail()
        self.log_pane = LogPane()
        self.resources = BuildTable(resources(), id="resources")
        self.calls = BuildTable(calls(), id="calls")

    def redraw(self) -> None:
        """Draw the session as it stands now; the screen knows how."""

    def row(self) -> ResourceState | ApiCalled | None:
        """What is under the cursor of the table that is shown."""
        if self.at.tab == "resources":
            return self.resources.model.current
        return self.calls.model.current if self.at.tab == "calls" else None

    def can_step_back(self) -> bool:
        """Something is open over the steps."""
        return self.at.tab != "steps" or self.at.zoomed or self.log_pane.can_step_back()

    def step_back(self) -> bool:
        """What the log has open, then the zoom, then the tab."""
        if self.at.tab in ("steps", "serial") and self.log_pane.step_back():
            return True
        if self.at.zoomed:
            self.do_zoom()
        elif self.at.tab != "steps":
            self.open_tab("steps")
        else:
            return False
        return True

    def open_tab(self, tab: str) -> None:
        """Show another tab, and give it the keys."""
        self.at.tab = tab
        self.redraw()
        target: Widget | None = {
            "steps": self.rail,
            "serial": self.log_pane.view,
            "resources": self.resources,
            "calls": self.calls,
        }.get(tab)
        self.set_focus(target)

    @on(StepRail.Selected)
    def _step_selected(self, event: StepRail.Selected) -> None:
        if self.build is not None:
            self.at.select(self.build, event.step)
            self.redraw()

    @on(StepRail.Opened)
    def _step_opened(self) -> None:
        self.log_pane.focus_log()

    @on(BuildTabs.Chosen)
    def _build_chosen(self, event: BuildTabs.Chosen) -> None:
        self.show_build(event.build)

    @on(LogPane.ErrorsEnd)
    def _errors_end(self, event: LogPane.ErrorsEnd) -> None:
        self.run_worker(
            self._seek(event.forward), group="seek", exclusive=True, exit_on_error=False
        )

    async def _seek(self, forward: bool) -> None:
        """To the next error-looking line in the steps behind (or before) this one."""
        build, session = self.build, self.session
        if build is None or session is None:
            return
        ids = list(build.steps)
        here = ids.index(self.at.step) if self.at.step in ids and self.at.tab == "steps" else 0
        others = ids[here + 1 :] if forward else ids[:here][::-1]
        spools = [(step, session.spool(build.name, step)) for step in others]
        found = await asyncio.to_thread(first_error, spools, forward=forward)
        if found is None:
            where = "below" if forward else "above"
            self.notify(f"No line that looks like an error {where} here.")
            return
        step, line = found
        self.at.select(build, step)
        self.redraw()
        self.log_pane.view.reveal(line)

    @on(LogPane.Copy)
    def _copy(self, event: LogPane.Copy) -> None:
        self.oxtui.copy(event.text, event.what)

    @on(LogPane.Save)
    def _save(self, event: LogPane.Save) -> None:
        self.run_worker(self._write(event.spool), group="save", exit_on_error=False)

    async def _write(self, spool: Path) -> None:
        source = SERIAL if self.at.tab == "serial" else self.at.step
        name = "-".join(filter(None, ("oxtui", self.state.session, self.at.name, source)))
        file = Path.cwd() / (re.sub(r"[^\w.-]+", "_", name) + ".log")
        lines = await asyncio.to_thread(write_text, spool, file)
        self.notify(f"{plural(lines, 'line')} written to {file}", markup=False)

    # builds, tabs, zoom

    def show_build(self, name: str) -> None:
        """Another build of the session."""
        self.at.show(name)
        self.redraw()

    def do_next_build(self) -> None:
        """The next build; behind the last comes the first."""
        self._step_build(1)

    def do_previous_build(self) -> None:
        """The build before."""
        self._step_build(-1)

    def _step_build(self, by: int) -> None:
        names = list(self.state.builds)
        if self.at.name in names:
            self.show_build(names[(names.index(self.at.name) + by) % len(names)])

    def do_zoom(self) -> None:
        """The output alone, or with the steps beside it."""
        self.at.zoomed = not self.at.zoomed
        self.redraw()
        if self.at.zoomed:
            self.log_pane.focus_log()

    def do_steps(self) -> None:
        """Steps and their output."""
        self.open_tab("steps")

    def do_serial(self) -> None:
        """The instance's serial console."""
        self.open_tab("serial")

    def do_timeline(self) -> None:
        """When each step ran."""
        self.open_tab("timeline")

    def do_resources(self) -> None:
        """What the build made."""
        self.open_tab("resources")

    def do_calls(self) -> None:
        """Calls of the rack."""
        self.open_tab("calls")
