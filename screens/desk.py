"""What an operator can do in a build that runs here, beside following it: shells and edits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from oxtui.component.errors import StepError
from screens.build.recall import from_journal
from screens.build.source import Desk
from screens.editing.dialog import EditDialog
from screens.failures import sentence
from screens.recording import recorder_of
from screens.shell.recording_rows import RecordedRows
from screens.shell.session import ShellSession

if TYPE_CHECKING:
    from screens.build.screen import BuildScreen
    from screens.builds import Running


class LiveDesk:
    """The desk of one running session on the Build screen."""

    def __init__(self, screen: BuildScreen, running: Running) -> None:
        self._screen = screen
        self._session = running.session
        self._recorded: dict[str, RecordedRows] = {}
        """What was typed in the shells of each build."""

    def desk(self) -> Desk:
        """What the Build screen offers."""
        folder = self._screen.oxtui.services.settings.paths.sessions
        return Desk(
            live=True, shell=self.open_shell, files=self.show_files, edit=self.edit, recall=from_journal(folder),
            packer=self._session.plan.packer is not None,
        )  # fmt: skip

    def open_shell(self, build: str) -> None:
        """Open a shell in the build's instance, or go back to the one that is open."""
        self._screen.run_worker(
            self._open_shell(build), group="shell", exclusive=True, exit_on_error=False
        )

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
        address = self._session.state.builds[build].address
        place = f"{address.user}@{address.address}" if address is not None else build
        if pane.session is not None and pane.session.place == place and pane.reopen():
            return
        await pane.hang_up()
        try:
            shell = await ssh.open_shell(80, 24)
        except (StepError, OSError) as error:
            self._screen.notify(sentence(error), title="No shell", severity="error", markup=False)
            return
        session = ShellSession(shell, place, 80, 24)
        session.recorder = recorder_of(
            self._screen.app,
            self._session,
            build,
            ssh,
            self._recorded.setdefault(build, RecordedRows()),
        )
        pane.open(session)

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

    async def edit(self, build: str, step: str) -> Mapping[str, Any] | None:
        """Let the operator edit a step; what changed, or None if nothing shall happen."""
        from oxtui.build.editing import editable, edited

        redactor = self._session.environment.redactor
        runner = self._session.runner(build)
        opened = runner.editable(step) if runner is not None else None
        if runner is None or opened is None:
            told = "Only provisioners and post-processors can be edited; r tries this step again."
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

        what = "its commands" if before.language == "bash" else "its options"
        secrets = " A <sensitive 1> runs as the secret that it hides." if before.secrets else ""
        dialog = EditDialog(
            f"Edit and run again: {before.title}", before.text,
            language="hcl" if before.language == "hcl" else "shell",
            help=f"Change {what}; only this step runs again. The template's file stays as it is."
            + secrets,
            check=check,
        )  # fmt: skip
        text = await self._screen.app.push_screen_wait(dialog)
        return None if text is None else edited(opened, before, text)
