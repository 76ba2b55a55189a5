"""What an operator can do in a build that another process runs, beside following it: a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oxtui.build.remote.client import NotReached, RemoteSession, RemoteShell
from screens.build.recall import changes_in, from_journal
from screens.build.source import Desk
from screens.shell.session import ShellSession

if TYPE_CHECKING:
    from screens.build.screen import BuildScreen


class RemoteDesk:
    """The desk of a session of another process on the Build screen."""

    def __init__(self, screen: BuildScreen, session: RemoteSession) -> None:
        self._screen = screen
        self._session = session

    def desk(self) -> Desk:
        """What the Build screen offers."""
        folder = self._screen.oxtui.services.settings.paths.sessions
        return Desk(
            live=True, shell=self.open_shell, another_shell=self.open_another,
            recall=from_journal(folder), changes=changes_in(folder),
        )  # fmt: skip

    def open_shell(self, build: str) -> None:
        """Open a shell in the build's instance, or go back to the one that is open."""
        pane = self._screen.shell
        if (there := pane.of(self._group(build))) is not None:
            pane.show(there)
        else:
            self.open_another(build)

    def open_another(self, build: str) -> None:
        """Open one more shell in the build's instance."""
        self._screen.run_worker(
            self._open_shell(build), group="shell", exclusive=True, exit_on_error=False
        )

    def _group(self, build: str) -> tuple[int, str]:
        return (id(self._session), build)

    async def _open_shell(self, build: str) -> None:
        pane = self._screen.shell
        address = self._session.state.builds[build].address
        place = f"{address.user}@{address.address}" if address is not None else build
        try:
            shell = await RemoteShell.open(self._session.folder, build, 80, 24)
        except NotReached as error:
            self._screen.notify(str(error), title="No shell", severity="error", markup=False)
            return
        pane.open(ShellSession(shell, place, 80, 24, self._group(build)))
