"""What an operator can do in a build that another process runs, beside following it: a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.build.remote.client import NotReached, RemoteSession, RemoteShell
from screens.build.recall import changes_in, from_journal
from screens.build.source import Desk
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
            live=True, shell=self.open_shell, another_shell=self.open_another,
            recall=from_journal(folder), changes=changes_in(folder),
        )  # fmt: skip

    async def _open_shell(self, build: str) -> None:
        try:
            shell = await RemoteShell.open(self._session.folder, build, 80, 24)
        except NotReached as error:
            self._screen.notify(str(error), title="No shell", severity="error", markup=False)
            return
        self._screen.shell.open(self._in_pane(shell, build))
