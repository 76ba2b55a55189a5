"""What an operator can do in a build that another process runs, beside following it: a shell, and edits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from oxtui.build.remote.client import NotReached, RemoteSession, RemoteShell
from screens.build.recall import changes_in, from_journal
from screens.build.source import Desk
from screens.editing.step_dialog import runs_again, step_dialog
from screens.shell_desk import ShellDesk

if TYPE_CHECKING:
    from screens.build.screen import BuildScreen


class RemoteDesk(ShellDesk):
    """The desk of a session of another process on the Build screen."""

    def __init__(self, screen: BuildScreen, session: RemoteSession) -> None:
        super().__init__(screen, session)
        self._session = session

    def desk(self) -> Desk:
        """What the Build screen offers."""
        folder = self._screen.oxtui.services.settings.paths.sessions
        return Desk(
            live=True, shell=self.open_shell, another_shell=self.open_another, edit=self.edit,
            recall=from_journal(folder), changes=changes_in(folder),
        )  # fmt: skip

    async def _open_shell(self, build: str) -> None:
        try:
            shell = await RemoteShell.open(self._session.folder, build, 80, 24)
        except NotReached as error:
            self._screen.notify(str(error), title="No shell", severity="error", markup=False)
            return
        self._screen.shell.open(self._in_pane(shell, build))

    async def edit(self, build: str, step: str) -> Mapping[str, Any] | None:
        """Let the operator edit a step here; the other process is told itself, as secrets stay there."""
        session, screen = self._session, self._screen
        try:
            before = await session.edit(build, step)
        except NotReached as error:
            screen.notify(str(error), title="Not editable", severity="error", markup=False)
            return None
        loop = asyncio.get_running_loop()

        def check(text: str) -> str | None:
            asked = session.edited(build, step, text, take=False)
            return asyncio.run_coroutine_threadsafe(asked, loop).result() or None

        again = runs_again(session.state.builds[build], step)
        dialog = step_dialog(
            before.title, before.text, before.language, check,
            secrets=before.secrets, again=again,
        )  # fmt: skip
        text = await screen.app.push_screen_wait(dialog)
        if text is not None:
            refused = await session.edited(build, step, text, again=again)
            if refused:
                screen.notify(refused, title="Not taken", severity="warning", markup=False)
        return None
