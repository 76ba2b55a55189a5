"""Commands: what an operator (or a policy that stands for one) tells a running build."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oxtui.component.debugger_events import StopKind
from oxtui.component.events import BreakpointPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Common to all: `build` is the build's name; empty means every build of the session."""

    build: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Command):
    """Stop at the next safe point: before the next step; or (`on` is false) go on after all."""

    on: bool = True


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
    """Stop before or after `step`, or no longer."""

    step: str
    on: bool
    when: BreakpointPlace = "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStop(Command):
    """Stop at failures, before the clean-up, at a line of output or an exit status; or no longer.

    `pattern` is a regular expression for `output`, and statuses and ranges of them parted by commas
    (`3,64-78`) for `exit`.
    """

    kind: StopKind
    on: bool
    pattern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDone(Command):
    """The step that failed, or that the build stands before, was done by hand: go on behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewind(Command):
    """Go back to the checkpoint before `step` and run that and all behind it; `changes` by id of the step."""

    step: str
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside(Command):
    """Common to what is done at a stop without ending it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBeside(Command):
    """End what is done beside a stop; the build stands still as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditStep(Beside):
    """Change options of a step that is still to run (values by option name)."""

    step: str
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCommand(Beside):
    """Have one command run in the guest, by the user's login shell."""

    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFile(Beside):
    """Send a file or a directory of this machine to the guest, as a `file` provisioner would.

    `destination` may begin with `~/`; empty is the login's home.
    """

    source: str
    destination: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCheckpoint(Beside):
    """Keep the guest's disk as it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddProvisioner(Beside):
    """Put a provisioner into the session where the build stands; `done`: its work was done by hand already."""

    type_name: str
    options: Mapping[str, Any]
    done: bool = False


def command_name(command: type[Command] | Command) -> str:
    """Name of a command in events: `EditAndRetry` is `edit_and_retry`."""
    name = command.__name__ if isinstance(command, type) else type(command).__name__
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
