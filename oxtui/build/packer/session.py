"""A session that the installed packer runs: the same events and commands as of one that oxtui runs."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from oxtui.build.control import Policy
from oxtui.build.environment import Environment
from oxtui.build.output import BuildOutput
from oxtui.build.packer.command import TemplateNotSaved, build_command, files, init_command
from oxtui.build.packer.conversation import Conversation
from oxtui.build.packer.find import PackerError, knows_init, packer_environ, packer_version
from oxtui.build.packer.follow import BuildFollower
from oxtui.build.packer.outline import PackerPlan
from oxtui.build.packer.terminal import TerminalProcess
from oxtui.build.plan import Plan
from oxtui.build.session import SessionFolder, write_private
from oxtui.build.shield import shielded
from oxtui.build.state import SessionState
from oxtui.build.telling import Teller
from oxtui.component.commands import Abort, Command, Retry, command_name
from oxtui.component.events import (
    BuildStatus,
    Event,
    Failure,
    SessionFinished,
    SessionStarted,
)

if TYPE_CHECKING:
    from oxtui.build.runner import BuildRunner

_WORST_FIRST: tuple[BuildStatus, ...] = ("failed", "cancelled", "kept", "succeeded")
_LEFT = (
    "Packer leaves what it has made where it is, and oxtui does not know what that is: look for it where "
    "the source builds."
)


@dataclass(slots=True)
class PackerSession:
    """One run of packer. Readers subscribe; `run` returns when it has ended."""

    environment: Environment
    plan: Plan
    policy: Policy
    packer: PackerPlan
    force: bool = False
    parallel: int = 0
    _teller: Teller = field(init=False)
    _folder: SessionFolder | None = None
    _followers: dict[str, BuildFollower] = field(default_factory=dict)
    _process: TerminalProcess | None = None
    _asked_to_end: bool = False
    _reason: str = ""
    """Why it was asked to end."""

    def __post_init__(self) -> None:
        self._teller = Teller(self.environment.journal, self.environment.redactor)

    @property
    def state(self) -> SessionState:
        """How it stands."""
        return self._teller.state

    @property
    def number(self) -> int:
        """In the journal; 0 until it begins."""
        return self._teller.number

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Calls back for each event, on the event loop; the result ends that."""
        return self._teller.subscribe(callback)

    def spool(self, build: str, step: str) -> Path | None:
        """The file of a step's output, if there is any yet."""
        return None if self._folder is None else self._folder.existing_spool(build, step)

    def runner(self, build: str) -> BuildRunner | None:
        """None: oxtui runs none of them itself."""
        del build
        return None

    async def command(self, command: Command) -> None:
        """Answers packer's question, or ends it; what packer cannot do is refused with a note."""
        for name, follower in self._followers.items():
            if command.build in ("", name) and follower.status is None:
                if follower.takes(command):
                    self._answer(follower, command)
                elif isinstance(command, Abort):
                    self._end(command)
                    return
                else:
                    what = command_name(command).replace("_", " ").capitalize()
                    follower.note(f"{what} {_WHY_NOT}")

    def _answer(self, follower: BuildFollower, command: Command) -> None:
        if self._process is None:
            return
        if follower.asked == "breakpoint" and isinstance(command, Abort):
            self._end(command)
            return
        if isinstance(command, Abort) and not command.cleanup:
            follower.note(_LEFT)
        follower.answered(command)
        self._process.type(f"{_keys(command)}\r")

    def _end(self, command: Abort) -> None:
        """Ends packer, which ends all builds: it cannot end one of them alone."""
        live = [each for each in self._followers.values() if each.status is None]
        self._reason = self._reason or command.reason
        leaves = self.policy.on_error == "abort"  # packer does so by itself when it is interrupted
        if not command.cleanup and (self._asked_to_end or not leaves):
            for each in live:
                each.note(_LEFT)
            self._asked_to_end = True
            self._signal(signal.SIGKILL)
        elif self._asked_to_end:
            for each in live:
                each.note("Packer is cleaning up already; it ends when it has done so.")
        else:
            self._asked_to_end = True
            for each in live:
                each.interrupted = True
            self._signal(signal.SIGINT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.signal(number)

    async def run(self) -> SessionFinished:
        """Runs packer to its end; cancelling it interrupts packer and waits for its cleanup.

        Raises:
            JournalError: the journal cannot be written; nothing was made.
        """
        environment, template = self.environment, self.plan.template
        host = environment.connected.host if environment.connected else ""
        self._teller.number = await environment.journal.begin_session(
            template, host=host, simulated=environment.simulated
        )
        begun = environment.now()
        with ExitStack() as stack:
            folder = self._folder = stack.enter_context(environment.folders.claim(self.number))
            text = environment.redactor.text(self.plan.text)
            await asyncio.to_thread(write_private, folder.template, text)
            self._teller.emit(
                SessionStarted(
                    time=begun, session=str(self.number), template=template, host=host,
                    simulated=environment.simulated,
                )
            )  # fmt: skip
            for build in self.packer.builds:
                output = BuildOutput(
                    build.name, folder.spool, environment.redactor, self._teller.emit,
                    environment.now,
                )  # fmt: skip
                follower = BuildFollower(build, self._teller.emit, output, environment.now)
                self._followers[build.name] = follower
                follower.begin()
            work = asyncio.ensure_future(self._run(folder))
            try:
                await asyncio.shield(work)
            except asyncio.CancelledError:
                self._end(Abort())
                await shielded(_ended(work))
                raise
            finally:
                finished = self._finished(begun)
                await environment.journal.flush()
        return finished

    def _finished(self, begun: float) -> SessionFinished:
        for follower in self._followers.values():
            follower.end("cancelled" if self._asked_to_end else "failed")
        statuses = [each.status for each in self._followers.values() if each.status is not None]
        now = self.environment.now()
        finished = SessionFinished(
            time=now, status=min(statuses, key=_WORST_FIRST.index), seconds=now - begun
        )
        self._teller.emit(finished)
        return finished

    async def _run(self, folder: SessionFolder) -> None:
        try:
            with files(self.packer, self.plan.template, self.plan.text, folder.path) as given:
                version = await packer_version(self.packer.binary, self.environment.environ)
                self._introduce(version)
                if self.packer.plugins and knows_init(version):
                    code = await self._packer(init_command(self.packer, given), "packer init")
                    if code or self._asked_to_end:
                        return
                await self._packer(
                    build_command(
                        self.packer, given, self.policy, force=self.force, parallel=self.parallel
                    ),
                    "packer build",
                )
        except (PackerError, TemplateNotSaved, OSError) as problem:
            for follower in self._followers.values():
                follower.say(f"Failed: {problem}")
                follower.end("failed", Failure(summary=str(problem)))

    def _introduce(self, version: str) -> None:
        needed = ", ".join(dict.fromkeys(map(str, self.packer.components)))
        silenced = "CHECKPOINT_DISABLE" not in self.environment.environ
        for follower in self._followers.values():
            follower.say(
                f"Packer {version} ({self.packer.binary}) runs this, as oxtui has no {needed}."
            )
            if silenced:
                follower.say("It is told not to report to its maker (CHECKPOINT_DISABLE=1).")
            if self.packer.plugins and not knows_init(version):
                follower.note(
                    f"The template requires plugins, and packer {version} is too old to know of them: "
                    "install packer 1.7 or later."
                )

    async def _packer(self, command: list[str], called: str) -> int:
        """Runs packer and tells what it says; the exit code. Builds of which it told no end have failed."""
        conversation = Conversation(
            self._followers,
            attended=self.policy.attended,
            why_ended=lambda: self._reason or "cancelled by the operator",
        )
        process = self._process = await TerminalProcess.start(
            command, environ=self._environ(), folder=self.packer.folder, heard=conversation.heard
        )
        conversation.type = process.type
        if self._asked_to_end:
            self._signal(signal.SIGINT)
        try:
            code = await process.wait()
        finally:
            self._process = None
        if self._asked_to_end:  # packer leaves what its local scripts have started
            process.end_rest()
        is_build = called == "packer build"
        conversation.close(
            code, called, interrupted=self._asked_to_end, is_last=is_build or code != 0
        )
        return code

    def _environ(self) -> dict[str, str]:
        """With the rack that the operator is connected to, where a build is for one."""
        environ = packer_environ(self.environment.environ)
        connected = self.environment.connected
        if connected is not None and self.plan.needs_rack:
            for name, value in connected.variables.items():
                environ.pop(name, None)
                if value:
                    environ[name] = value
        return environ


async def _ended(work: asyncio.Future[None]) -> None:
    await asyncio.wait([work])


def _keys(command: Command) -> str:
    """What the operator would type; before Enter, which alone means to go on."""
    if isinstance(command, Abort):
        return "c" if command.cleanup else "a"
    return "r" if isinstance(command, Retry) else ""


_WHY_NOT = (
    "is not possible: packer runs this build. It stops where the template has a breakpoint, and after a "
    "failure."
)
