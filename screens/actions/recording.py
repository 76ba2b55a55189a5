"""Actions on the commands that were recorded in a shell."""

from __future__ import annotations

from typing import Any

from screens.actions.action import Action, Context

CONTEXTS = (
    Context(
        id="recording",
        title="Recorded commands",
        within=("build", "app"),
        help=(
            "Commands of the shell as its history has them, with their exit statuses. Marked ones become a "
            "shell provisioner at the step where the build stands. Look for secrets in them first: what is "
            "typed into a command is never taken, but what stands in its line is."
        ),
    ),
)


def _has_rows(list_: Any) -> str | None:
    return None if list_.rows.rows else "Nothing is recorded yet."


def _has_marked(list_: Any) -> str | None:
    return None if list_.rows.marked else "Mark commands with space first."


def _action(
    name: str,
    keys: tuple[str, ...],
    text: str,
    help_: str,
    footer: int = 0,
    enabled: Any = _has_rows,
) -> Action:
    return Action(
        id=f"recording.{name}",
        keys=keys,
        text=text,
        help=help_,
        group="Recording",
        contexts=("recording",),
        enabled=enabled,
        footer=footer,
        palette=False,
    )


ACTIONS = (
    _action("mark", ("space",), "mark", "Choose the command, or no longer", 1),
    _action(
        "make", ("enter",), "make provisioner", "Make a shell provisioner of the marked commands", 2,
        _has_marked,
    ),
    _action("mark-succeeded", ("*",), "mark all that succeeded", "Choose all that ended well, or none", 3),
    _action("remove", ("delete",), "remove", "Take the command out of the list", 4),
    _action("carry-up", ("shift+up",), "move up", "Move the command up", 5),
    _action("carry-down", ("shift+down",), "move down", "Move the command down", 6),
    _action("up", ("up",), "up", "The command above"),
    _action("down", ("down",), "down", "The command below"),
)  # fmt: skip
