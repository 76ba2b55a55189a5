"""Commands: what an operator (or a policy that stands for one) tells a running build."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Common to all: `build` is the build's name; empty means every build of the session."""

    build: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Command):
    """Stop at the next safe point: before the next step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    """Go on from a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOver(Command):
    """Run one step, then stop again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUntil(Command):
    """Go on and stop before `step`."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry(Command):
    """Run the step that failed again; `trace` asks its shell to print each command."""

    trace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EditAndRetry(Command):
    """Run the step that failed again with changed options (values by option name)."""

    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip(Command):
    """Go on behind the step that failed, or that the build stands before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep(Command):
    """End the session and leave the instance running, listed with the command that removes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abort(Command):
    """End the build; `cleanup` removes what it made, `reason` says why, if it was not the operator."""

    cleanup: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveSecret(Command):
    """The secret that a step asked for; empty: there is none. It is held in memory and written nowhere."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBreakpoint(Command):
    """Stop before `step`, or no longer."""

    step: str
    on: bool


def command_name(command: type[Command] | Command) -> str:
    """Name of a command in events: `EditAndRetry` is `edit_and_retry`."""
    name = command.__name__ if isinstance(command, type) else type(command).__name__
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
