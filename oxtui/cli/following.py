"""A session that is followed without a screen: its report, its questions, signals and the end of its time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from oxtui.build.live import LiveSession
from oxtui.build.remote.server import served
from oxtui.build.report.durations import in_words
from oxtui.build.report.form import Form
from oxtui.build.report.plain import PlainLog
from oxtui.build.resume.continued import goes_on
from oxtui.build.state import SessionState
from oxtui.cli.ask import Asker
from oxtui.cli.errors import CANCELLED, FAILED
from oxtui.cli.interrupts import interrupts
from oxtui.cli.lines import Lines
from oxtui.cli.secrets import SecretAsker
from oxtui.cli.telling import complain
from oxtui.component.commands import Abort
from oxtui.component.events import BuildPlanned, Event, SessionFinished

Write = Callable[[str], object]


class Ending:
    """Ends a session before its time, once."""

    def __init__(self, session: LiveSession) -> None:
        self._session = session
        self.before: Callable[[], object] = lambda: None
        """Called first."""
        self._tasks: list[asyncio.Task[None]] = []
        self.interrupted = False
        """By a signal."""
        self.reason = ""
        """Why it was ended; empty while it goes on."""

    def __call__(self, reason: str) -> None:
        """All builds end and clean up, unless what fails is to be left as it is."""
        if not self.reason:
            self.reason = reason
            self.before()
            self._abort("")

    def heard(self, event: Event) -> None:
        """A build that begins only now ends as well."""
        if self.reason and isinstance(event, BuildPlanned):
            self._abort(event.build)

    def _abort(self, build: str) -> None:
        clean = self._session.policy.on_error in ("cleanup", "ask")
        command = Abort(build=build, cleanup=clean, reason=self.reason)
        self._tasks.append(asyncio.ensure_future(self._session.command(command)))


async def follow(
    session: LiveSession, write: Write, form: Form, *, seconds: float | None = None
) -> SessionFinished:
    """Runs a session while its events are written; Ctrl-C once cleans up, twice leaves at once.

    seconds: after so many it is ended and cleaned up; None: it takes what it takes.
    """
    end = Ending(session)
    lines = Lines(write, lambda: end("nobody reads the output any more"))
    builds = session.plan.names
    report = form.report(session.spool, builds, lines.line, lambda: _goes_on(session))
    unsubscribe = [session.subscribe(report), session.subscribe(end.heard)]
    asker = None
    if session.policy.attended and isinstance(report, PlainLog):
        asker = Asker(session, lines, report.drawn)
        end.before = asker.close
    pause = asker.pause if asker is not None else lambda _on: None
    secrets = SecretAsker(session, pause) if session.policy.secrets else None

    def interrupted(signal: str) -> None:
        running = [b for b in builds if not _is_over(session, b)]
        lines.withdraw()
        report.interrupted(signal, running, time.time())
        end.interrupted = True
        end(f"cancelled after receiving {signal}")

    try:
        with (
            interrupts(
                interrupted,
                lambda: _farewell(session),
                FAILED,
                ends_children=session.plan.packer is None,
                before=asker.cancel if asker is not None else lambda: False,
            ),
            _limit(seconds, end),
        ):
            async with served(session, complain):
                finished = await session.run()
    finally:
        for each in unsubscribe:
            each()
        report.close()
        if secrets is not None:
            secrets.close()
        if asker is not None:
            asker.close()
    if end.interrupted and finished.status == "succeeded":  # in its very last moments
        return replace(finished, status="cancelled")
    return finished


def _goes_on(session: LiveSession) -> bool:
    given = session.plan.given
    return given is not None and goes_on(session.state, session.number, session.plan.template)


def exit_code(finished: SessionFinished) -> int:
    """0 if every build succeeded, 130 if the operator cancelled, else 1."""
    return {"succeeded": 0, "cancelled": CANCELLED}.get(finished.status, FAILED)


def _farewell(session: LiveSession) -> str:
    if session.plan.packer is None:
        told = farewell(session.state, session.number)
        resume = f"\n`oxtui resume {session.number}` goes on with it."
        return told + resume if _goes_on(session) else told
    return "Packer goes on cleaning up by itself; oxtui does not know what it has made, nor what it leaves."


def farewell(state: SessionState, number: int) -> str:
    """What a session that ends at once leaves behind, and the command that removes it."""
    left = [
        f"  {resource.kind.partition('.')[2].replace('_', ' ')} {resource.name} (build {build.name})"
        for build in state.builds.values()
        for resource in build.resources.values()
        if resource.phase != "deleted"
    ]
    sweep = f"`oxtui sweep --session {number}`"
    if not left:
        return f"Nothing is known to be left behind; {sweep} looks for it."
    return "\n".join(["This session leaves behind:", *left, f"{sweep} lists and removes them."])


def _is_over(session: LiveSession, build: str) -> bool:
    state = session.state.builds.get(build)
    return state is not None and state.phase in ("succeeded", "failed", "cancelled", "kept")


@contextmanager
def _limit(seconds: float | None, end: Ending) -> Iterator[None]:
    if seconds is None:
        yield
        return
    reason = f"-build-timeout: not done after {in_words(seconds)}"
    timer = asyncio.get_running_loop().call_later(seconds, end, reason)
    try:
        yield
    finally:
        timer.cancel()
