"""Actions of dialogs; while one is open, nothing behind it can be reached."""

from __future__ import annotations

from screens.actions.action import Action, Context

CONTEXTS = (
    Context(id="dialog", title="Dialog", within=()),
    Context(id="confirm", title="Question", within=("dialog",)),
    Context(id="choice", title="Choice", within=("dialog",)),
    Context(id="form", title="Form", within=("dialog",)),
    Context(id="edit", title="Editor", within=("dialog",)),
    Context(id="edit-later", title="Editor", within=("dialog",)),
    Context(id="text", title="Text", within=("dialog",)),
    Context(id="palette", title="Commands", within=("dialog",)),
    Context(id="help", title="Keys", within=()),
)


def _action(context: str, name: str, keys: tuple[str, ...], text: str, footer: int = 0) -> Action:
    return Action(
        id=f"{context}.{name}",
        keys=keys,
        text=text,
        help=text[0].upper() + text[1:],
        group="Dialog",
        contexts=(context,),
        footer=footer,
        palette=False,
    )


ACTIONS = (
    _action("dialog", "close", ("escape", "ctrl+c"), "cancel", 90),
    _action("confirm", "yes", ("enter",), "yes", 1),
    _action("form", "accept", ("enter", "ctrl+s"), "accept", 1),
    _action("edit", "accept", ("ctrl+s",), "run it again", 1),
    _action("edit-later", "accept", ("ctrl+s",), "take it over", 1),
    _action("edit", "outside", ("f4",), "in your editor", 2),
    _action("edit-later", "outside", ("f4",), "in your editor", 2),
    _action("text", "accept", ("ctrl+s",), "take it", 1),
    _action("text", "outside", ("f4",), "in your editor", 2),
    *(
        action
        for context in ("choice", "palette")
        for action in (
            _action(context, "take", ("enter",), "choose", 1),
            _action(context, "up", ("up",), "up"),
            _action(context, "down", ("down",), "down"),
        )
    ),
    _action("palette", "complete", ("tab",), "complete", 2),
    _action("help", "close", ("escape", "ctrl+c"), "close", 1),
    _action("help", "up", ("up",), "up"),
    _action("help", "down", ("down",), "down"),
    _action("help", "page-up", ("pageup",), "page up"),
    _action("help", "page-down", ("pagedown",), "page down", 2),
)
