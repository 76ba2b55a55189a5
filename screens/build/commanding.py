"""What the keys of the Build screen tell a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oxtui.build.calls import CallState
from oxtui.build.state import BuildState, ResourceState, SessionState, StepState
from oxtui.component import commands
from oxtui.component.events import ApiCalled
from oxtui.logs.sanitise import plain
from screens.acting import Offer, offers
from screens.actions.build_situation import BuildSituation, edits_failed
from screens.build.focus import BuildFocus
from screens.build.look import kind_word
from screens.build.source import Desk, SessionView
from screens.build.stops_dialog import StopCommand, build_stops
from screens.build.tables import call_name
from screens.dialogs.confirm import Answer, ConfirmDialog
from screens.oxtui_screen import Workplace
from screens.places import Place


class Commanding(Workplace):
    """The part of the Build screen that turns keys into commands."""

    def __init__(self) -> None:
        super().__init__()
        self.session: SessionView | None = None
        self.desk = Desk()
        self.at = BuildFocus()

    @property
    def state(self) -> SessionState:
        """The session as it stands."""
        return SessionState() if self.session is None else self.session.state

    @property
    def build(self) -> BuildState | None:
        """The build that is shown."""
        return self.at.build(self.state)

    @property
    def step(self) -> StepState | None:
        """The step that is selected."""
        return self.build.steps.get(self.at.step) if self.build else None

    def stop_offers(self, build: BuildState) -> list[Offer]:
        """What can be done at a stop, or why it cannot."""
        return list(offers(self, self.oxtui.keymap)) if build.pause is not None else []

    def _send(self, command: commands.Command) -> None:
        if self.session is not None:
            self.run_worker(self.session.command(command), group="command", exit_on_error=False)

    # going on

    def do_continue(self) -> None:
        """Go on from the stop."""
        self._send(commands.Resume(build=self.at.name))

    def do_step(self) -> None:
        """Run one step, then stop again."""
        self._send(commands.StepOver(build=self.at.name))

    def do_run_until(self) -> None:
        """Stop before the selected step."""
        self._send(commands.RunUntil(build=self.at.name, step=self.at.step))

    def do_pause(self) -> None:
        """Stop before the next step, or go on after all."""
        build = self.build
        on = build is None or not build.pausing
        self._send(commands.Pause(build=self.at.name, on=on))
        step = build.current if build else None
        if not on:
            self.notify("It goes on: the pause is taken back.")
        elif step is not None:
            self.notify(f"It stops when {plain(step.plan.title)} is through.", markup=False)

    def do_break(self) -> None:
        """Stop before the selected step, or no longer."""
        if self.step is not None:
            on = not self.step.breakpoint
            self._send(commands.SetBreakpoint(build=self.at.name, step=self.at.step, on=on))

    def do_break_after(self) -> None:
        """Stop behind the selected step, or no longer."""
        if self.step is not None:
            command = commands.SetBreakpoint(
                build=self.at.name, step=self.at.step, on=not self.step.break_after, when="after"
            )
            self._send(command)

    def do_stops(self) -> None:
        """What it stops for beside breakpoints."""
        build = self.build
        if build is None:
            return

        def answered(changes: Sequence[StopCommand] | None) -> None:
            for command in changes or ():
                self._send(command)

        self.app.push_screen(build_stops(build), answered)

    # after a failure

    def do_retry(self) -> None:
        """The step that failed, again."""
        self._send(commands.Retry(build=self.at.name))

    def do_retry_with_trace(self) -> None:
        """The same with each command printed."""
        self._send(commands.Retry(build=self.at.name, trace=True))

    def do_edit(self) -> None:
        """Change the step that failed, then run it again; or one that runs later."""
        build = self.build
        if build is not None and build.pause is not None:
            again = edits_failed(BuildSituation(build=build, step=self.step))
            step = build.pause.step if again else self.at.step
            self.run_worker(
                self._edit(build.name, step, again), group="edit", exclusive=True,
                exit_on_error=False,
            )  # fmt: skip

    async def _edit(self, name: str, step: str, again: bool) -> None:
        if self.desk.edit is None:
            return
        changes: Mapping[str, Any] | None = await self.desk.edit(name, step)
        if changes is None:
            return
        if again:
            self._send(commands.EditAndRetry(build=name, changes=changes))
        elif changes:
            self._send(commands.EditStep(build=name, step=step, changes=changes))
            state = self.build.steps.get(step) if self.build is not None else None
            if state is not None and state.phase not in ("waiting", "paused"):
                self.notify("Kept for this session. v goes back, and runs it so.", markup=False)

    def do_skip(self) -> None:
        """Leave out the step that the build stands at."""
        self._send(commands.Skip(build=self.at.name))

    def do_shell(self) -> None:
        """A shell in the instance."""
        if self.desk.shell is not None:
            self.desk.shell(self.at.name)

    def do_files(self) -> None:
        """The files of the instance."""
        if self.desk.files is not None:
            self.desk.files(self.at.name)

    # the end

    def do_keep(self) -> None:
        """Leave the instance running, once that is confirmed."""
        name = self.at.name
        question = ConfirmDialog(
            "Keep the instance and leave?",
            f"The build {name} ends without an image; its instance goes on running and costs.",
            effects=[*_there(self.build), "Sessions lists it, with the command that removes it"],
        )

        def answered(answer: Answer | None) -> None:
            if answer is not None:
                self._send(commands.Keep(build=name))

        self.app.push_screen(question, answered)

    def do_abort(self) -> None:
        """End the build, once that is confirmed; what it made goes unless it is to be kept."""
        name = self.at.name
        there = _there(self.build)
        ends = f"The build {name} ends without an image."
        if self.desk.packer:
            told = f"{ends} Packer ends all builds of the session and removes what they made."
        else:
            told = ends + (" This is deleted, unless you keep it:" if there else "")
        question = ConfirmDialog(
            "Abort the build?",
            told,
            effects=there,
            extra="keep what it made" if there or self.desk.packer else "",
        )

        def answered(answer: Answer | None) -> None:
            if answer is not None:
                self._send(commands.Abort(build=name, cleanup=not answer.extra))

        self.app.push_screen(question, answered)

    def why_not_again(self) -> str:
        """Why the template cannot be built again from here; empty if it can."""
        if self.desk.again is None:
            return "Only a build that was started in this oxtui can be built again from here."
        return "" if self.state.finished is not None else "The session is not over yet."

    def do_again(self) -> None:
        """The template, built again."""
        if self.desk.again is not None:
            self.desk.again()

    def do_export(self) -> None:
        """The session as a template."""
        self.oxtui.go_soon(Place("export", (self.state.session,)))

    # tables

    def row(self) -> ResourceState | CallState | None:
        """What is under the cursor of a table; the screen knows which."""
        return None

    def do_copy(self) -> None:
        """The id of a resource, or a call as a command."""
        match self.row():
            case ResourceState() as resource:
                self.oxtui.copy(resource.id or resource.name, f"the id of {plain(resource.name)}")
            case CallState(call=call):
                self.oxtui.copy(call.command, f"{call_name(call)} as a command")

    def do_copy_command(self) -> None:
        """The command that removes a resource, or repeats a call; curl where that is possible."""
        match self.row():
            case ResourceState(command="") as resource:
                self.notify(f"{plain(resource.name)} needs no command.", markup=False)
            case ResourceState() as resource:
                self.oxtui.copy(resource.command, f"the command for {plain(resource.name)}")
            case CallState(call=ApiCalled(curl=curl) as call) if curl:
                self.oxtui.copy(curl, f"{call_name(call)} as curl")
            case CallState():
                self.do_copy()


def _there(build: BuildState | None) -> list[str]:
    """What a build has made that still exists."""
    if build is None:
        return []
    return [
        f"{kind_word(resource.kind)} {plain(resource.name)}"
        for resource in build.resources.values()
        if resource.phase in ("intended", "created")
    ]
