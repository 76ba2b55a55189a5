"""The app with its Build screen on a step whose output another process writes: `log_app FOLDER`."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

from oxtui.component.events import OutputGrown
from screens.build.source import Desk
from tests.bench.log_flood import BUILD, STEP
from tests.screens.build import scenes
from tests.screens.build.sessions import ScriptedSession
from tests.screens.build.stage import BuildApp


class GrowingApp(BuildApp):
    """Hears of the output's growth as often as the engine tells of it."""

    def __init__(self, folder: Path, session: ScriptedSession) -> None:
        super().__init__(folder, session, Desk())
        self.services = replace(self.services, clock=time.time)
        self._session = session
        self._lines = 0

    def on_ready(self) -> None:
        self.set_interval(0.1, self._grow)

    def _grow(self) -> None:
        self._lines += 1
        self._session.tell(
            OutputGrown(time=time.time(), build=BUILD, step=STEP, lines=self._lines, size=0)
        )


def main(folder: Path) -> None:
    session = ScriptedSession(folder)
    session.now = time.time()
    scenes.prepared(session)
    session.start(STEP)
    GrowingApp(folder, session).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
