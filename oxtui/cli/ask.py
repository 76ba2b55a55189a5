"""Questions of a stopped build on a plain terminal, answered by one letter and Enter."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from oxtui.build.engine import Session
from oxtui.component.commands import Abort, Command, Keep, Resume, Retry, Skip, StepOver
from oxtui.component.events import Event, Paused

_ANSWERS: dict[str, tuple[str, str, Callable[[str], Command]]] = {
    "c": ("resume", "continue", lambda build: Resume(build=build)),
    "n": ("step_over", "next step, then stop", lambda build: StepOver(build=build)),
    "r": ("retry", "retry the step", lambda build: Retry(build=build)),
    "t": ("retry", "retry with trace", lambda build: Retry(build=build, trace=True)),
    "k": ("skip", "skip the step", lambda build: Skip(build=build)),
    "i": ("keep", "keep the instance and leave", lambda build: Keep(build=build)),
    "a": ("abort", "abort and clean up", lambda build: Abort(build=build)),
    "l": ("abort", "abort and leave everything", lambda build: Abort(build=build, cleanup=False)),
}


class Asker:
    """Asks at each stop. Several builds may wait: the oldest question is answered first."""

    def __init__(self, session: Session, write: Callable[[str], None]) -> None:
        self._session = session
        self._write = write
        self._open: list[Paused] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe = session.subscribe(self._heard)
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), self._answered)

    def close(self) -> None:
        """Asks no more."""
        self._unsubscribe()
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())

    def _heard(self, event: Event) -> None:
        if isinstance(event, Paused):
            self._open.append(event)
            if len(self._open) == 1:
                self._ask()

    def _ask(self) -> None:
        paused = self._open[0]
        choices = [
            f"[{letter}] {text}"
            for letter, (name, text, _) in _ANSWERS.items()
            if name in paused.choices
        ]
        self._write(f"==> {paused.build}: {', '.join(choices)}?")

    def _answered(self) -> None:
        line = sys.stdin.readline()
        if not line:
            # Nobody can answer any more: what a build without a terminal would do.
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        letter = line.strip().lower()[:1] if line else "a"
        if not self._open:
            return
        paused = self._open[0]
        name, _, make = _ANSWERS.get(letter, ("", "", None))
        if make is None or name not in paused.choices:
            self._ask()
            return
        self._open.pop(0)
        task = asyncio.ensure_future(self._session.command(make(paused.build)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._open:
            self._ask()
