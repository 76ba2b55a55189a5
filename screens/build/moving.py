"""Moving about in the Build screen: steps, builds, tabs, errors, and logs into files."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path

from textual import on
from textual.app import SuspendNotSupported
from textual.widget import Widget

from oxtui.build.calls import CallState
from oxtui.build.state import BuildState, ResourceState
from oxtui.logs.sanitise import plain
from oxtui.logs.search import Pattern
from screens.build import seeking
from screens.build.changes import ChangesTab
from screens.build.focus import read_step
from screens.build.grid import BuildGrid
from screens.build.log_files import write_text
from screens.build.rail import StepRail
from screens.build.saving import save, save_choices
from screens.build.source import SERIAL, SessionView
from screens.build.stop_acting import StopActing
from screens.build.tab_line import BuildTabs
from screens.build.tables import BuildTable, calls, resources
from screens.build.timeline import Timeline
from screens.dialogs.choice import ChoiceDialog
from screens.editing.external import read_outside
from screens.failures import sentence
from screens.widgets.log.pane import LogPane


class Moving(StopActing):
    """The part of the Build screen that shows another part of the session."""

    def __init__(self) -> None:
        super().__init__()
        self.rail = StepRail()
        self.log_pane = LogPane()
        self.resources = BuildTable(resources(), id="resources")
        self.calls = BuildTable(calls(), id="calls")
        self.grid = BuildGrid()
        self.timeline = Timeline()
        self.changes = ChangesTab()

    def redraw(self) -> None:
        """Draw the session as it stands now; the screen knows how."""

    def row(self) -> ResourceState | CallState | None:
        """What is under the cursor of the table that is shown."""
        if self.at.tab == "resources":
            return self.resources.model.current
        return self.calls.model.current if self.at.tab == "calls" else None

    def can_step_back(self) -> bool:
        """Something is open over the steps."""
        busy = self.build is not None and self.build.beside is not None
        return busy or self.at.tab != "steps" or self.at.zoomed or self.log_pane.can_step_back()

    def step_back(self) -> bool:
        """What the log has open, then what is done at the stop, then the zoom, then the tab."""
        if self.at.tab in ("steps", "serial") and self.log_pane.step_back():
            return True
        if self.cancels():
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
            "grid": self.grid,
            "timeline": self.timeline,
            "changes": self.changes,
        }.get(tab)
        self.set_focus(target)

    @on(BuildGrid.Opened)
    def _pane_opened(self, event: BuildGrid.Opened) -> None:
        self.at.show(event.pane.build)
        self.open_tab("serial" if event.pane.serial else "steps")

    @on(StepRail.Selected)
    def _step_selected(self, event: StepRail.Selected) -> None:
        if self.build is not None:
            self.at.select(self.build, event.step)
            self.redraw()

    @on(StepRail.Opened)
    def _step_opened(self) -> None:
        self.log_pane.focus_log()

    @on(BuildTabs.Chosen)
    @on(BuildGrid.Chosen)
    def _build_chosen(self, event: BuildTabs.Chosen | BuildGrid.Chosen) -> None:
        if event.build != self.at.name:
            self.show_build(event.build)

    @on(LogPane.ErrorsEnd)
    def _errors_end(self, event: LogPane.ErrorsEnd) -> None:
        self._run_seek(self._seek_error(event.forward))

    async def _seek_error(self, forward: bool) -> None:
        """To the next error-looking line in the steps behind (or before) this one."""
        build = self.build
        if build is None:
            return
        ids = list(build.steps)
        here = ids.index(self._source) if self._source in ids else 0
        steps = ids[here + 1 :] if forward else ids[:here][::-1]
        among = [seeking.Place(build.name, step) for step in steps]
        if not await self._seek(among, seeking.error(forward=forward)):
            where = "below" if forward else "above"
            self.notify(f"No line that looks like an error {where} here.")

    @on(LogPane.HitsEnd)
    def _hits_end(self, event: LogPane.HitsEnd) -> None:
        self._run_seek(self._seek_hit(event.pattern, event.forward))

    async def _seek_hit(self, pattern: Pattern, forward: bool) -> None:
        """To the next line with what is searched for in any output of the session."""
        here = seeking.Place(self.at.name, self._source)
        among = seeking.others(seeking.places(self.state), here, forward=forward)
        if not await self._seek(among, seeking.hit(pattern, forward=forward)):
            self.log_pane.go_around(forward=forward)

    def _run_seek(self, seek: Coroutine[None, None, None]) -> None:
        self.run_worker(seek, group="seek", exclusive=True, exit_on_error=False)

    async def _seek(self, among: list[seeking.Place], find: seeking.Find) -> bool:
        """Show the first line that is found there, if any is."""
        session = self.session
        if session is None:
            return False
        spools = [(place, session.spool(*place)) for place in among]
        found = await asyncio.to_thread(seeking.first, spools, find)
        if found is None:
            return False
        (name, source), line = found
        if name != self.at.name:
            self.at.show(name)
        self.at.tab = "serial" if source == SERIAL else "steps"
        if source != SERIAL and self.build is not None:
            self.at.select(self.build, source)
        self.redraw()
        self.log_pane.view.reveal(line)
        return True

    def reveal(self, build: BuildState, step: str, line: int) -> None:
        """Point at a line of a step's output."""
        self.at.tab = "steps"
        self.at.select(build, step)
        self.redraw()
        self.log_pane.view.reveal(line)

    @on(LogPane.Copy)
    def _copy(self, event: LogPane.Copy) -> None:
        self.oxtui.copy(event.text, event.what)

    @on(LogPane.Save)
    def _save(self) -> None:
        session, build, source = self.session, self.at.name, self._source
        if session is None:
            return
        step = self.build.steps.get(source) if self.build else None
        title = plain(step.plan.title) if step else "serial console"
        dialog = ChoiceDialog("Save into the present folder", save_choices(session.state, title))

        def chosen(what: str | None) -> None:
            if what is not None:
                writing = self._write(session, what, build, source)
                self.run_worker(writing, group="save", exit_on_error=False)

        self.app.push_screen(dialog, chosen)

    async def _write(self, session: SessionView, what: str, build: str, source: str) -> None:
        told = await asyncio.to_thread(save, session, what, build, source, Path.cwd())
        self.notify(told, markup=False)

    @on(LogPane.Page)
    def _page(self, event: LogPane.Page) -> None:
        reading = self._read_outside(event.spool)
        self.run_worker(reading, group="pager", exclusive=True, exit_on_error=False)

    async def _read_outside(self, spool: Path) -> None:
        try:
            await read_outside(
                self.oxtui, lambda file: write_text(spool, file), self.oxtui.services.environment
            )
        except (OSError, SuspendNotSupported) as error:
            self.notify(sentence(error), title="No pager", severity="error", markup=False)

    @property
    def _source(self) -> str:
        """Of the output that is read: the step, or the serial console."""
        if self.at.tab == "serial":
            return SERIAL
        return read_step(self.build, self.at.step) if self.build is not None else self.at.step

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

    def do_changes(self) -> None:
        """What the build changed in its image."""
        self.open_tab("changes")

    def do_grid(self) -> None:
        """The outputs of all builds at once; again: back to one."""
        if self.at.tab == "grid":
            self.open_tab("steps")
        else:
            self.open_tab("grid")
