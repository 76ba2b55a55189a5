"""What an operator can do in a build that runs here, beside following it: shells and edits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from oxtui.component.errors import StepError
from screens.build.recall import changes_in, from_journal
from screens.build.source import Desk
from screens.editing.step_dialog import runs_again, step_dialog
from screens.failures import sentence
from screens.recording import recorder_of
from screens.shell.recording_rows import RecordedRows
from screens.shell_desk import ShellDesk
from screens.waiting import patiently

if TYPE_CHECKING:
    from screens.build.screen import BuildScreen
    from screens.builds import Running


class LiveDesk(ShellDesk):
    """The desk of one running session on the Build screen."""

    def __init__(self, screen: BuildScreen, running: Running) -> None:
        super().__init__(screen, running.session)
        self._running = running
        self._session = running.session
        self._recorded: dict[str, RecordedRows] = {}
        """What was typed in the shells of each build."""

    def desk(self) -> Desk:
        """What the Build screen offers."""
        folder = self._screen.oxtui.services.settings.paths.sessions
        return Desk(
            live=True, shell=self.open_shell, another_shell=self.open_another, files=self.show_files,
            edit=self.edit, recall=from_journal(folder), destination=self.destination,
            again=self.build_again if self._running.is_new else None,
            packer=self._session.plan.packer is not None, changes=changes_in(folder),
        )  # fmt: skip

    async def _open_shell(self, build: str) -> None:
        pane = self._screen.shell
        runner = self._session.runner(build)
        ssh = runner.builder.guest.communicator if runner is not None else None
        if runner is None or ssh is None:
            self._screen.notify(
                "There is no connection to an instance yet, or none any more.",
                title="No shell", severity="warning",
            )  # fmt: skip
            return
        try:
            with patiently(self._screen, self._silent):
                shell = await ssh.open_shell(80, 24)
        except (StepError, OSError) as error:
            self._screen.notify(sentence(error), title="No shell", severity="error", markup=False)
            return
        session = self._in_pane(shell, build)
        session.recorder = recorder_of(
            self._screen.app,
            self._session,
            build,
            ssh,
            self._recorded.setdefault(build, RecordedRows()),
        )
        pane.open(session)

    def _silent(self) -> None:
        self._screen.notify(
            "The instance has not answered yet: it may be off, or starting. The shell opens once it does.",
            title="No shell yet", severity="warning",
        )  # fmt: skip

    def show_files(self, build: str) -> None:
        """Show the files of the build's instance."""
        from screens.instance_files import file_pane

        pane = file_pane(self._session, build)
        if pane is None:
            self._screen.notify(
                "There is no connection to an instance yet, or none any more.",
                title="No files", severity="warning",
            )  # fmt: skip
            return
        self._screen.app.push_screen(pane)

    def build_again(self) -> None:
        """Build the template again."""
        self._screen.oxtui.build_again(self._running.job)

    async def edit(self, build: str, step: str) -> Mapping[str, Any] | None:
        """Let the operator edit a step; what changed, or None if nothing shall happen."""
        from oxtui.build.editing import editable, edited

        redactor = self._session.environment.redactor
        runner = self._session.runner(build)
        opened = runner.editable(step) if runner is not None else None
        if runner is None or opened is None:
            told = "Only provisioners and post-processors can be edited."
            self._screen.notify(told)
            return None
        try:
            before = await asyncio.to_thread(editable, opened, runner.builder.guest, redactor)
        except StepError as error:
            told = redactor.text(str(error))
            self._screen.notify(told, title="Not editable", severity="error", markup=False)
            return None

        def check(text: str) -> str | None:
            try:
                edited(opened, before, text)
            except StepError as error:
                return redactor.text(str(error))
            return None

        again = runs_again(self._session.state.builds[build], step)
        dialog = step_dialog(
            before.title, before.text, before.language, check,
            secrets=bool(before.secrets), again=again,
        )  # fmt: skip
        text = await self._screen.app.push_screen_wait(dialog)
        return None if text is None else edited(opened, before, text)

    async def destination(self, build: str, step: str) -> str:
        """Where a `file` provisioner sends what it sends; empty for other steps."""
        runner = self._session.runner(build)
        found = runner.provisioners.get(step) if runner is not None else None
        if runner is None or found is None:
            return ""
        try:
            options = await asyncio.to_thread(found.options, runner.builder.guest)
        except StepError:  # it is told where the step runs
            return ""
        text = str(getattr(options, "destination", ""))
        return self._session.environment.redactor.text(text)
