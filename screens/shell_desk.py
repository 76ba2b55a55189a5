"""Opens shells of a session's builds in the pane of the Build screen, whoever runs the session."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from screens.shell.session import ShellSession

if TYPE_CHECKING:
    from oxtui.component.protocols import Shell
    from screens.build.screen import BuildScreen
    from screens.build.source import SessionView


class ShellDesk(ABC):
    """The shells of one session."""

    def __init__(self, screen: BuildScreen, session: SessionView) -> None:
        self._screen = screen
        self._shown = session

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

    @abstractmethod
    async def _open_shell(self, build: str) -> None:
        """Get a shell and show it; say so where there is none."""

    def _group(self, build: str) -> tuple[int, str]:
        return (id(self._shown), build)

    def _in_pane(self, shell: Shell, build: str) -> ShellSession:
        """The shell as the pane shows it, where it is."""
        address = self._shown.state.builds[build].address
        place = f"{address.user}@{address.address}" if address is not None else build
        return ShellSession(shell, place, 80, 24, self._group(build))
