"""Actions of the file pane."""

from __future__ import annotations

from typing import Any

from screens.actions.action import Action, Context

CONTEXTS = (
    Context(
        id="files",
        title="Files of the instance",
        within=("dialog",),
        help=(
            "Looks at the instance over its SSH connection, as root where sudo needs no password. What is edited "
            "keeps its mode and owner. What you change here is in the image, but in no step of the template."
        ),
    ),
    Context(id="reading", title="A text", within=("dialog",)),
)


def _has_row(pane: Any) -> str | None:
    return None if pane.current is not None else "There is no file here."


def _has_file(pane: Any) -> str | None:
    if pane.current is None or pane.current.kind == "directory":
        return "Choose a file."
    return None


def _action(
    name: str, keys: tuple[str, ...], text: str, help_: str, footer: int, enabled: Any = None
) -> Action:
    given = {} if enabled is None else {"enabled": enabled}
    return Action(
        id=f"files.{name}", keys=keys, text=text, help=help_, group="Files", contexts=("files",),
        footer=footer, palette=False, **given,
    )  # fmt: skip


ACTIONS = (
    _action("open", ("enter",), "open", "Go into the directory, or show the file", 1, _has_row),
    _action("up-folder", ("backspace", "left"), "up", "To the directory above", 2),
    _action("edit", ("e",), "edit", "Change the file in place", 3, _has_file),
    _action("download", ("d",), "download", "Copy the file to this machine", 4, _has_file),
    _action("upload", ("u",), "upload", "Copy a file of this machine into this directory", 5),
    _action(
        "differing", ("c",), "changed", "Files that differ from the source image, or the directory again", 6
    ),
    _action("path", ("p",), "go to", "Go to a path", 7),
    _action("again", ("r",), "read again", "Read the directory again", 8),
    *(
        Action(
            id=f"reading.{name}", keys=keys, text=text, help=help_, group="Move",
            contexts=("reading",), footer=footer, palette=False,
        )
        for name, keys, text, help_, footer in (
            ("up", ("up", "k"), "up", "One line up", 0),
            ("down", ("down", "j"), "down", "One line down", 0),
            ("left", ("left",), "left", "To the left in long lines", 0),
            ("right", ("right",), "right", "To the right in long lines", 0),
            ("page-up", ("pageup",), "page up", "One page up", 0),
            ("page-down", ("pagedown", "space"), "page down", "One page down", 2),
            ("top", ("home", "g"), "first", "First line", 0),
            ("bottom", ("end", "G"), "last", "Last line", 3),
            ("pager", ("P",), "in your pager", "Show it in your own pager", 1),
        )
    ),
)  # fmt: skip
