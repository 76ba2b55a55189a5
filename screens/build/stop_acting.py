"""What the keys of the Build screen do at a stop without ending it, and how they lead back."""

from __future__ import annotations

from collections.abc import Mapping

from oxtui.build.state import BuildState
from oxtui.component import commands
from oxtui.component.debugger_events import CommandRan
from oxtui.logs.sanitise import plain
from screens.build.commanding import Commanding
from screens.build.stop_command import CommandDialog
from screens.build.stop_edits import EditsDialog
from screens.build.stop_rewind import rewind_choices
from screens.build.stop_upload import SendDialog
from screens.dialogs.choice import ChoiceDialog


class StopActing(Commanding):
    """The part of the Build screen that works in the guest while the build stands still."""

    def do_run_command(self) -> None:
        """Ask for a command, then have it run."""
        build = self.build
        if build is None or build.pause is None:
            return
        name = build.name
        ran = [each for step in build.steps.values() for each in step.by_hand]
        past = sorted(
            (each for each in ran if isinstance(each, CommandRan)), key=lambda each: each.time
        )

        def answered(command: str | None) -> None:
            if command is not None:
                self._send(commands.RunCommand(build=name, command=command))

        self.app.push_screen(CommandDialog(_place(build), _stop(build), past), answered)

    def do_upload(self) -> None:
        """Ask for a file, then send it."""
        build = self.build
        if build is not None and build.pause is not None:
            self.run_worker(
                self._upload(build, build.pause.step), group="upload", exclusive=True,
                exit_on_error=False,
            )  # fmt: skip

    async def _upload(self, build: BuildState, step: str) -> None:
        where = self.desk.destination
        destination = await where(build.name, step) if where is not None else ""
        dialog = SendDialog(_place(build), _stop(build), destination or "~/")
        answer: Mapping[str, str] | None = await self.app.push_screen_wait(dialog)
        if answer is not None:
            self._send(commands.UploadFile(build=build.name, **answer))

    def do_mark_done(self) -> None:
        """The step was done by hand."""
        build = self.build
        if build is not None and build.pause is not None:
            self._send(commands.MarkDone(build=build.name))
            self.notify(
                f"{_stop(build)} counts as done; export keeps it in the template.", markup=False
            )

    def do_rewind(self) -> None:
        """Ask for a checkpoint, then go back to it."""
        build = self.build
        if build is None:
            return
        name = build.name
        dialog = ChoiceDialog(
            "Rewind",
            rewind_choices(build, self.oxtui.services.clock()),
            text="A new instance starts from there, and the steps behind it run again, "
            "as they were edited. What was done by hand since is lost.",
        )

        def answered(step: str | None) -> None:
            if step is not None:
                self._send(commands.Rewind(build=name, step=step))

        self.app.push_screen(dialog, answered)

    def do_edits(self) -> None:
        """Show what was edited."""
        if self.build is not None:
            self.app.push_screen(EditsDialog(self.build, self.at.step))

    def action_reveal_line(self, number: int) -> None:
        """A line of the log at which the build failed was clicked; they count from 1."""
        build = self.build
        if build is not None and build.pause is not None:
            self.reveal(build, build.pause.step, number - 1)

    def reveal(self, build: BuildState, step: str, line: int) -> None:
        """Point at a line of a step's output; the screen knows how."""

    def cancels(self) -> bool:
        """Whether something is done just now, which is cancelled then."""
        build = self.build
        if build is None or build.beside is None or not self.desk.live:
            return False
        self._send(commands.CancelBeside(build=build.name))
        return True


def _place(build: BuildState) -> str:
    return build.address.place if build.address is not None else "the guest"


def _stop(build: BuildState) -> str:
    """Title of the step at which it stands."""
    step = build.steps.get(build.pause.step) if build.pause is not None else None
    return plain(step.plan.title) if step is not None else "the step"
