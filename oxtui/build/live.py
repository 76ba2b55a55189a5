"""What a session is to those who start, follow and steer it, whoever runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from oxtui.build.control import Policy
from oxtui.build.disposal import SETTLE_SECONDS
from oxtui.build.engine import Session
from oxtui.build.environment import Environment
from oxtui.build.plan import Plan
from oxtui.build.resume.choices import Choices
from oxtui.build.resume.continued import Continued
from oxtui.build.state import SessionState
from oxtui.component.commands import Command
from oxtui.component.events import Event, SessionFinished

if TYPE_CHECKING:
    from oxtui.build.runner import BuildRunner


class LiveSession(Protocol):
    """One run of a plan: by oxtui itself, or by packer."""

    @property
    def environment(self) -> Environment:
        """What it runs in."""

    @property
    def plan(self) -> Plan:
        """What it runs."""

    @property
    def policy(self) -> Policy:
        """What stands for the operator."""

    @property
    def state(self) -> SessionState:
        """How it stands."""

    @property
    def number(self) -> int:
        """In the journal; 0 until it begins."""

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Calls back for each event, on the event loop; the result ends that."""

    async def command(self, command: Command) -> None:
        """Hands a command to the build that it names, or to all."""

    def spool(self, build: str, step: str) -> Path | None:
        """The file of a step's output, if there is any yet."""

    def runner(self, build: str) -> BuildRunner | None:
        """The running build of that name; None where oxtui does not run it itself."""

    async def run(self) -> SessionFinished:
        """Runs every build; cancelling it cleans up first.

        Raises:
            JournalError: the journal cannot be written; nothing was made.
        """


def new_session(
    environment: Environment,
    plan: Plan,
    policy: Policy,
    *,
    force: bool = False,
    promote: str = "",
    parallel: int = 0,
    continues: Continued | None = None,
    settle: float = SETTLE_SECONDS,
    choices: Choices | None = None,
    changes: bool = False,
) -> LiveSession:
    """A session that is ready to run, by what its components need; the rest as for `Session`."""
    if plan.packer is None:
        return Session(
            environment, plan, policy, force=force, promote=promote, parallel=parallel,
            continues=continues, settle=settle, choices=choices or Choices(), changes=changes,
        )  # fmt: skip
    from oxtui.build.packer.session import PackerSession  # only where a template needs it

    return PackerSession(environment, plan, policy, plan.packer, force=force, parallel=parallel)
