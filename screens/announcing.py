"""Tells an operator who looks elsewhere that a build stopped and waits: title, bell, notification, toast."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.app import App

from oxtui.logs.sanitise import plain

if TYPE_CHECKING:
    from oxtui.build.state import BuildState
    from oxtui.component.events import Paused, SecretAsked

_KEEP_TITLE, _OLD_TITLE = "\x1b[22;2t", "\x1b[23;2t"
"""xterm's stack of window titles, which tmux and most others have too."""
_WHY = {
    "failure": "failed",
    "breakpoint": "stands at a breakpoint",
    "requested": "stopped, as you asked",
    "step": "stopped, one step on",
    "after": "stands at a breakpoint",
    "output": "stopped, for what a step printed",
    "exit": "stopped, for an exit status",
    "cleanup": "stopped before its clean-up",
    "secret": "asks you for a secret",
}


class Announcer:
    """Compares how builds stand with how they stood; what is new is told once."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._known: dict[str, Paused | SecretAsked] = {}
        self._suspended = False
        self._subscribed = False

    def look(self, builds: Iterable[BuildState], shown: str = "") -> None:
        """Tell of the builds that stand still since the last look; `shown` is the one that is watched."""
        stopped = {build.name: stop for build in builds if (stop := build.pause or build.secret)}
        if stopped == self._known:
            return
        self._subscribe()
        new = [name for name, pause in stopped.items() if self._known.get(name) is not pause]
        if stopped:
            keep = "" if self._known else _KEEP_TITLE
            names = ", ".join(plain(name) for name in stopped)
            self.write(f"{keep}\x1b]2;⏸ {names} — oxtui\x07")
        elif self._known:
            self.write(_OLD_TITLE)
        self._known = stopped
        for name in new:
            self._tell(name, stopped[name], name == shown)

    def _tell(self, name: str, stop: Paused | SecretAsked, watched: bool) -> None:
        why = _WHY[getattr(stop, "reason", "secret")]
        text = f"Build {plain(name)} {why}."
        if not self._app.app_focus or self._suspended:
            # OSC 9: a notification of the desktop, where the terminal knows it; none shows it as text.
            self.write(f"\x07\x1b]9;{text}\x07")
        if not watched:
            self._app.notify(
                text, title="Waiting for you", severity="warning", timeout=20, markup=False
            )

    def write(self, text: str) -> None:
        """Send to the terminal what is no part of a frame."""
        driver = self._app._driver  # noqa: SLF001 - Textual has no public way to set a title
        if self._app.is_headless or driver is None:
            return
        if self._suspended:
            # Textual's writer has stopped: what it is given would pile up and block the loop at last.
            os.write(sys.__stderr__.fileno(), text.encode())  # type: ignore[union-attr]
        else:
            driver.write(text)

    def _subscribe(self) -> None:
        if not self._subscribed:
            self._subscribed = True
            self._app.app_suspend_signal.subscribe(self._app, self._suspend, immediate=True)
            self._app.app_resume_signal.subscribe(self._app, self._resume, immediate=True)

    def _suspend(self, _app: object) -> None:
        self._suspended = True

    def _resume(self, _app: object) -> None:
        self._suspended = False
