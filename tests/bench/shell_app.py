"""The app with a shell over SSH in its pane: `shell_app FOLDER PORT USER`; the key is FOLDER/id."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

from oxtui.communicators.ssh.communicator import SshCommunicator
from oxtui.communicators.ssh.options import SshOptions
from oxtui.communicators.ssh.target import Target
from screens.build.source import Desk
from screens.shell.session import ShellSession
from tests.screens.build import scenes
from tests.screens.build.sessions import ScriptedSession
from tests.screens.build.stage import BuildApp


class ShellApp(BuildApp):
    """Opens a shell once it is on the screen."""

    def __init__(self, folder: Path, session: ScriptedSession, target: Target) -> None:
        super().__init__(folder, session, Desk(shell=lambda _build: None))
        self.services = replace(self.services, clock=time.time)
        self._target = target

    async def on_ready(self) -> None:
        communicator = SshCommunicator(self._target, lambda _reason: None)
        shell = await communicator.open_shell(80, 24)
        self.build_screen.shell.open(ShellSession(shell, "guest", 80, 24))


def main(folder: Path, port: int, user: str) -> None:
    session = ScriptedSession(folder)
    session.now = time.time()
    scenes.at_breakpoint(session)
    options = SshOptions(ssh_username=user, ssh_port=port, ssh_timeout="60s")
    ShellApp(folder, session, Target("127.0.0.1", options, (folder / "id").read_text())).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
