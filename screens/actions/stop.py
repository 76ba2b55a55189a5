"""Actions at a stop beside going on: what is done in the guest or to the steps meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from screens.actions.action import Action, Context
from screens.actions.build_situation import BuildSituation, choice, running, waits

CONTEXTS: tuple[Context, ...] = (
    Context(
        id="command",
        title="Run one command",
        within=("dialog",),
        help=(
            "The command runs by the login shell of the guest's user, in a session of its own; its output "
            "goes into the log of the step. What it asks cannot be answered: open a shell for that."
        ),
    ),
    Context(id="edits", title="What was edited", within=("dialog",)),
)

_NO_CHECKPOINT = "There is no checkpoint; the setting checkpoints.policy takes them."


def _at_stop(situation: BuildSituation) -> str | None:
    build = situation.build
    if (reason := running(situation)) or build is None:
        return reason
    return None if build.pause is not None else "The build runs; p stops it before its next step."


def _choice(command: str, why_not: Callable[[BuildSituation], str]) -> Callable[..., str | None]:
    def check(situation: BuildSituation) -> str | None:
        if choice(situation, command):
            return running(situation) or waits(situation)
        return _at_stop(situation) or why_not(situation)

    return check


def _not_connected(situation: BuildSituation) -> str:
    if situation.packer:
        return "Packer runs this build; s opens a shell where that is possible."
    if situation.build is None or situation.build.address is None:
        return "The instance cannot be reached yet."
    return "The instance is not connected any more: it is stopped for its snapshot."


def _no_checkpoint(situation: BuildSituation) -> str:
    return (
        "Packer runs this build; it takes no checkpoints." if situation.packer else _NO_CHECKPOINT
    )


def _needed(situation: BuildSituation) -> str:
    del situation
    return "Later steps need what this one makes."


def _has_edits(situation: BuildSituation) -> str | None:
    build = situation.build
    if build is None or not any(step.edit for step in build.steps.values()):
        return "Nothing was edited in this build."
    return None


def _action(
    name: str, key: str, text: str, short: str, help_: str, enabled: Callable[..., str | None]
) -> Action:
    return Action(
        id=f"build.{name}", keys=(key,), text=text, short=short, help=help_, group="Build",
        contexts=("build",), enabled=enabled,
    )  # fmt: skip


ACTIONS = (
    _action(
        "run-command", "x", "run a command", "command",
        "Run one command in the guest while the build stands still; its output goes into the step's log",
        _choice("run_command", _not_connected),
    ),
    _action(
        "upload", "ctrl+u", "upload a file", "upload",
        "Send a file or a directory of this machine to the guest while the build stands still",
        _choice("upload_file", _not_connected),
    ),
    _action(
        "mark-done", "m", "mark as done", "mark done",
        "Count the step as done, as you did its work by hand; export keeps it, but not a skipped one",
        _choice("mark_done", _needed),
    ),
    _action(
        "rewind", "v", "rewind to …", "rewind",
        "Go back to a checkpoint and run the steps behind it again",
        _choice("rewind", _no_checkpoint),
    ),
    _action(
        "edits", "d", "what was edited", "edits",
        "Show what was edited in this session, as a diff", _has_edits,
    ),
    *(
        Action(
            id=f"command.{name}", keys=(key,), text=text, help=help_, group="Dialog",
            contexts=("command",), footer=footer, palette=False,
        )
        for name, key, text, help_, footer in (
            ("accept", "enter", "run it", "Run it in the guest", 1),
            ("older", "up", "older", "The command before", 2),
            ("newer", "down", "newer", "The command after", 0),
        )
    ),
    *(
        Action(
            id=f"edits.{name}", keys=keys, text=text, help=help_, group="Move",
            contexts=("edits",), footer=footer, palette=False,
        )
        for name, keys, text, help_, footer in (
            ("up", ("up",), "up", "One line up", 0),
            ("down", ("down",), "down", "One line down", 0),
            ("page-up", ("pageup",), "page up", "One page up", 0),
            ("page-down", ("pagedown", "space"), "page down", "One page down", 2),
        )
    ),
)  # fmt: skip
