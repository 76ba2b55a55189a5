"""The Build screen: steps, output and stops of the builds of one session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import Container, Horizontal, Vertical

from oxtui.build.history import NOTHING, History, Past
from oxtui.build.state import BuildState, SessionState, StepState
from oxtui.component.events import Event
from oxtui.logs.sanitise import plain
from screens.actions import Action
from screens.actions.build_situation import BuildSituation
from screens.build.boot import BootLines, SerialBeside, boots, troubles
from screens.build.estimate import seconds_left
from screens.build.focus import BuildFocus
from screens.build.instance_card import InstanceCard
from screens.build.look import build_look, build_seconds, duration
from screens.build.output import output_of
from screens.build.replaying import FILE, Replaying
from screens.build.secrets import ask_for_secret
from screens.build.source import Desk, SessionView
from screens.build.step_line import StepLine
from screens.build.stop_box import StopBox
from screens.build.tab_line import BuildTabs
from screens.build.tables import call_key
from screens.desk import LiveDesk
from screens.shell.hand_over import hand_over
from screens.shell.pane import ShellPane
from screens.tables.cell import Cell
from screens.widgets.top_line import TopLine

if TYPE_CHECKING:
    from oxtui.build.remote.client import RemoteSession

REDRAWS = 10
"""Times a second that the screen looks whether anything changed; events only mark it."""

STYLED_TABS = ("timeline", "resources", "calls", "grid", "changes")
"""Tabs that other widgets show than the log's."""


class BuildScreen(Replaying):
    """Follows one session; `attach` gives it."""

    CSS_PATH = "build.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._changed = True
        self._unsubscribe: Callable[[], None] = lambda: None
        self._second = -1
        self._typing = False
        """Letters go to a shell or a prompt, so that a stop's box offers none."""
        self._situation: object = None
        self.history = NOTHING
        """Earlier runs of this template."""
        self._line = StepLine()
        self._stop = StopBox()
        self._boot_lines = BootLines()
        self._beside = SerialBeside()
        self._tabs = BuildTabs()
        self._card = InstanceCard()
        self.shell = ShellPane()
        self._remote: RemoteSession | None = None
        """The session, where another process runs it."""

    def body(self) -> ComposeResult:
        """Tabs; rail, output and stop box; the other tabs' contents."""
        yield self._tabs
        with Horizontal(id="output"):
            with Vertical(id="side"):
                yield self.rail
                yield self._card
            with Vertical(id="pane"):
                yield self._line
                yield self._boot_lines
                yield self.log_pane
                yield self._beside
                yield self.shell
                yield self._stop
        with Container(id="others"):
            yield self.timeline
            yield self.resources
            yield self.calls
            yield self.grid
            yield self.changes
        yield self.bar

    # the session

    def visit(self, names: tuple[str, ...]) -> None:
        """Show the session of that number, or of a bundle's file."""
        if not names:
            return
        running = None if names[0] == FILE else self.oxtui.builds.numbered(names[0])
        if running is None:
            if names[0] == FILE or not self._follows_remote(int(names[0])):
                self.run_worker(self._find(names), group="open", exit_on_error=False)
        elif running.session is not self.session:
            self.attach(running.session, LiveDesk(self, running).desk())

    def _follows_remote(self, number: int) -> bool:
        remote = self._remote
        return remote is not None and remote.number == number and not remote.over.done()

    async def _find(self, names: tuple[str, ...]) -> None:
        """Show a session that another process runs, or that is over."""
        from oxtui.build.remote.client import NotReached, RemoteSession
        from oxtui.build.session import SessionFolders

        folders = SessionFolders(self.oxtui.services.settings.paths.sessions)
        if names[0] != FILE and folders.is_live(int(names[0])):
            try:
                remote = await RemoteSession.open(folders.folder(int(names[0])))
            except NotReached as error:
                self.notify(str(error), severity="warning", markup=False)
            else:
                self._follow(remote)
                return
        self.open_recording(names)

    def _follow(self, remote: RemoteSession) -> None:
        from screens.remote_desk import RemoteDesk

        self.attach(remote, RemoteDesk(self, remote).desk())
        self._remote = remote
        remote.over.add_done_callback(lambda _: self._remote_over(remote))

    def _remote_over(self, remote: RemoteSession) -> None:
        """Nothing more comes; a session that is not over by itself takes no commands all the same."""
        if self.session is remote and self.is_mounted:
            self.desk = replace(self.desk, live=False, shell=None)
            self._changed = True
            if remote.state.finished is None:
                told = f"Session {remote.number}: {remote.over.result()}"
                self.notify(told, severity="warning", markup=False)

    async def _leave_remote(self) -> None:
        remote, self._remote = self._remote, None
        if remote is not None:
            await remote.close()

    def attach(self, session: SessionView, desk: Desk | None = None) -> None:
        """Follow a session from now on."""
        self._unsubscribe()
        if self._remote is not None:
            self.run_worker(self._leave_remote(), group="remote", exit_on_error=False)
        self.session = session
        self.desk = desk or Desk()
        self.at = BuildFocus()
        self._unsubscribe = session.subscribe(self._told)
        self._changed = True
        if self.is_mounted:
            self.redraw()
            self._recall()

    def _recall(self) -> None:
        self.history = NOTHING
        if self.desk.recall is not None:
            self.run_worker(
                self._recalling(self.desk.recall(self.state)), group="recall", exclusive=True,
                exit_on_error=False,
            )  # fmt: skip

    async def _recalling(self, history: Awaitable[History]) -> None:
        self.history = await history
        self._changed = True

    def on_mount(self) -> None:
        """Look for changes at a steady pace, whatever the pace of events."""
        self._recall()
        self.set_interval(1 / REDRAWS, self._look)
        self.rail.focus()
        self.show_top()
        self.redraw()

    async def on_unmount(self) -> None:
        """Nobody listens any more."""
        self._unsubscribe()
        await self._leave_remote()

    def on_screen_resume(self) -> None:
        """Draw what happened meanwhile."""
        self._changed = True

    def on_resize(self) -> None:
        """More or less finds room."""
        self._changed = True

    def _told(self, _event: Event) -> None:
        self._changed = True

    def _look(self) -> None:
        if not self.is_current:
            return
        if self.session is not None and self.desk.live and self.app.screen is self:
            ask_for_secret(self, self.session)
        self.tick()
        second = int(self.now())
        ticking = second != self._second and any(
            build.phase in ("running", "paused") for build in self.state.builds.values()
        )
        if self._changed or ticking:
            self._second = second
            self.redraw()

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        """The box has another height now: drawn at the next look, it would move shell and log under the mouse."""
        typing = self.focused is not None and self.focused.check_consume_key("a", "a")
        if typing != self._typing:
            self._typing = typing
            self.redraw()

    # drawing

    def redraw(self) -> None:
        """Draw what looks different; widgets leave out what does not."""
        self._changed = False
        state = self.state
        self.at.settle(state)
        build = self.build
        self._show_progress()
        self.bar.show(self.replay)
        self._tabs.show(state, self.at.name, self.at.tab, self.at.tabs(state))
        # At once, as each change of a screen's classes styles all of its widgets.
        self.update_classes(
            {
                "-zoomed": self.at.zoomed,
                "-stopped": build is not None and build.pause is not None,
                **{f"-{tab}": self.at.tab == tab for tab in STYLED_TABS},
            }
        )
        if build is None:
            self.log_pane.view.empty = "No build has begun yet."
            if self.replay is not None:  # what is drawn may be of a later time
                self._draw_nothing()
            return
        now = self.now()
        self.rail.show(build, self.at.step, now)
        self._draw_output(build, now)
        self._stop.show(
            build, self.stop_offers(build), reading=self.at.step, now=now, resumes=self.desk.resumes
        )
        self._card.show(build)
        self._draw_others(build, state, now)
        if (key := self.situation().key) != self._situation:
            self._situation = key
            self.refresh_bindings()

    def _draw_nothing(self) -> None:
        nothing = BuildState("")
        self.query_one(TopLine).running = ()
        self._line.clear()
        self.rail.show(nothing, "", self.now())
        self._stop.show(nothing, [], reading="")
        self._card.show(nothing)
        self._draw_output(nothing, self.now())

    def _draw_output(self, build: BuildState, now: float) -> None:
        serial = self.at.tab == "serial"
        source = self._source
        step = build.steps.get(source)
        if serial:
            self._line.show_serial(build)
        elif step is not None:
            past = self._past(build).get(step.plan.id)
            usual = past.last if past else None
            before = "Before the stop:" if source != self.at.step else ""
            self._line.show_step(step, now, usual, of=before)
        self._draw_boot(build, None if serial else step, now)
        output = output_of(self.session, build, source)
        view = self.log_pane.view
        view.model.live = output.live
        key = (build.name, source, output.spool)
        if key != self.at.output:
            self.at.output = key
            view.empty = output.empty
            self.log_pane.show(output.spool, origin=output.origin, live=output.live)
        elif view.empty != output.empty:
            view.empty = output.empty
            view.changed()

    def _draw_boot(self, build: BuildState, step: StepState | None, now: float) -> None:
        """The console beside the log until somebody can log in; where it is, where there is no room."""
        waits = step is not None and step.plan.kind in ("prepare", "connect") and boots(build)
        beside = waits and self.has_class("-wide") and not self.has_class("-shell")
        self.set_class(beside, "-beside")
        if beside and self.session is not None:
            self._beside.show(build, self.session, now)
        told = list(build.troubles) if self.at.tab == "serial" else troubles(build, step)
        hint = "2 shows its serial console while it boots." if waits and not beside else ""
        self._boot_lines.show(told, hint=hint)

    def _draw_others(self, build: BuildState, state: SessionState, now: float) -> None:
        if self.at.tab == "timeline":
            self.timeline.show(build, self.history, now)
        elif self.at.tab == "resources":
            model = self.resources.model
            model.upsert(build.resources.values())
            model.keep({str(number) for number in build.resources})
            self.resources.model_changed()
        elif self.at.tab == "calls":
            self.calls.model.upsert(state.calls)
            if self.replay is not None:  # which goes back, too
                self.calls.model.keep(set(map(call_key, state.calls)))
            self.calls.model_changed()
        elif self.at.tab == "changes":
            self.changes.show(state, build, self.desk.changes)
        elif self.at.tab == "grid" and self.session is not None:
            self.grid.show(state.builds, self.session, now, here=build.name)

    def _past(self, build: BuildState) -> dict[str, Past]:
        """What the steps of a build took in earlier runs, by id."""
        return self.history.of(build.name, [step.plan for step in build.steps.values()])

    def crumbs(self) -> str:
        """The build, and what it is made from."""
        build = self.build
        if build is None:
            return "build"
        return " · ".join(filter(None, (f"build {plain(build.name)}", plain(self.state.template))))

    def show_top(self) -> None:
        """Crumbs and rack; what runs is this build."""
        super().show_top()
        self._show_progress()

    def running_changed(self) -> None:
        """This screen looks by itself."""

    def _show_progress(self) -> None:
        """The build's state and time, at the right of the top line."""
        build, now = self.build, self.now()
        if build is None:
            return
        look = build_look(build)
        text = f"{look.glyph} {look.word}"
        if (seconds := build_seconds(build, now)) is not None:
            text += f" {duration(seconds, exact=False)}"
        if build.pausing:
            text += ", pausing"
        cells = [Cell(text, look.tone)]
        expected = {id_: past.last for id_, past in self._past(build).items()}
        left = seconds_left(build, expected, now)
        if left is not None:
            cells.append(Cell(f"≈ {duration(left, exact=False)} left", "muted"))
        top = self.query_one(TopLine)
        top.crumbs = self.crumbs()
        top.running = tuple(cells)

    # the shell

    @on(ShellPane.Opened)
    def _shell_opened(self) -> None:
        self.add_class("-shell")

    @on(ShellPane.Left)
    def _shell_left(self) -> None:
        self.remove_class("-shell")
        self.rail.focus()

    @on(ShellPane.Another)
    def _another_shell(self) -> None:
        if self.desk.another_shell is not None:
            self.desk.another_shell(self.at.name)

    @on(ShellPane.Zoomed)
    def _shell_zoomed(self) -> None:
        self.run_worker(self._whole_terminal(), group="shell", exit_on_error=False)

    async def _whole_terminal(self) -> None:
        session = self.shell.session
        if session is None:
            return
        try:
            left = await hand_over(self.oxtui, session)
        except SuspendNotSupported:
            self.notify("This terminal cannot be handed over; the shell stays in its pane.")
            return
        self.shell.returned(left)

    # acting

    def contexts(self) -> tuple[str, ...]:
        """The build, and what the tab shows."""
        here = (*self.replay_contexts(), "build")
        if self.at.tab in ("steps", "serial"):
            return (*here, *self.log_pane.contexts())
        return (*here, "build.table") if self.at.tab in ("resources", "calls") else here

    def situation(self) -> BuildSituation:
        """What decides which actions are possible."""
        return BuildSituation(
            build=self.build,
            step=self.step,
            live=self.desk.live,
            packer=self.desk.packer,
            shell=self.desk.shell is not None,
            files=self.desk.files is not None,
            edit=self.desk.edit is not None,
            no_again=self.why_not_again(),
            builds=len(self.state.builds),
            tabs=self.at.tabs(self.state),
            tab=self.at.tab,
            log_pane=self.log_pane,
            row=self.row() is not None,
            position=self.replay.position if self.replay is not None else None,
            events=len(self.replay.recording) if self.replay is not None else 0,
            no_export=self.desk.no_export,
        )

    def perform(self, action: Action) -> None:
        """What belongs to the log is done by it, wherever the focus is."""
        if {"log", "log-search"}.intersection(action.contexts):
            self.log_pane.perform(action)
        else:
            super().perform(action)
