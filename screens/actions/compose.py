"""Actions of the Compose screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from screens.actions.action import Action, Context, Enabled, always


@dataclass(frozen=True, slots=True)
class ComposeSituation:
    """What decides which actions are possible."""

    open: bool = False
    """A template is there."""
    folder: bool = False
    """It is a folder of files."""
    part: str = ""
    """Kind of the part that is selected."""
    first: bool = True
    last: bool = True
    """Whether the selected provisioner has none before it, none behind it."""
    field: Any = None
    """The field under the cursor, as `screens.compose.reading.Field`."""
    undo: bool = False
    redo: bool = False
    problems: int = 0
    build: str = ""
    """Why no build can be started; empty if it can."""
    stop: str = ""
    """Why no breakpoint can be set here; empty if it can."""
    post_processors: bool = False
    """There are post-processors to choose from."""


Check = Callable[[ComposeSituation], str | None]


def _open(situation: ComposeSituation) -> str | None:
    return None if situation.open else "No template is open; n on an image in Browse begins one."


def _if(check: Check) -> Enabled:
    return lambda situation: _open(situation) or check(situation)


_STEPS = ("provisioner", "post-processor")


def _movable(situation: ComposeSituation) -> str | None:
    if situation.part not in _STEPS:
        return "Only provisioners and post-processors can be moved and switched off."
    return None


def _up(situation: ComposeSituation) -> str | None:
    return _movable(situation) or ("It is the first already." if situation.first else None)


def _down(situation: ComposeSituation) -> str | None:
    return _movable(situation) or ("It is the last already." if situation.last else None)


_DELETABLE = (
    *_STEPS, "error-cleanup-provisioner", "override", "variable", "local", "plugin", "block",
)  # fmt: skip


def _deletable(situation: ComposeSituation) -> str | None:
    if situation.part in _DELETABLE:
        return None
    return "Sources and builds are deleted in the text (f2)."


def _script(situation: ComposeSituation) -> str | None:
    if situation.part in (*_STEPS, "error-cleanup-provisioner"):
        return None
    return "Only provisioners and post-processors have a script."


def _of_field(check: Callable[[Any], str | None]) -> Enabled:
    def enabled(situation: ComposeSituation) -> str | None:
        if situation.field is None:
            return "There is no field here."
        return check(situation.field)

    return enabled


def _set(given: Any) -> str | None:
    return None if given.is_set else "The template does not set it."


def _documented(given: Any) -> str | None:
    return None if given.spec.documentation else "No page outside of oxtui documents it."


def _lines(given: Any) -> str | None:
    if given.whole is not None:
        return None
    return "Only an inline script that is set, in HCL's own syntax, can be one text, a heredoc."


def _secret(given: Any) -> str | None:
    if given.run:
        return "It is in no template."
    if not given.spec.secret:
        return "This is no secret; = writes a variable such as var.name here."
    return None if given.is_set and not given.text.startswith("var.") else "It is none of the text."


def _one_image(browse: Any) -> str | None:
    if not browse.connected:
        return "There is no connection to a rack yet (ctrl+o)."
    if len(browse.rows) == 1:
        return None
    return "Several images are marked; a build begins with one." if browse.rows else (
        "There is no image under the cursor."
    )  # fmt: skip


CONTEXTS = (
    Context(
        id="compose",
        title="Compose",
        help=(
            "A template as a form and as text: both are the same text. Fields that the template "
            "does not set have the value shown in grey. A field takes a value, a reference such as "
            "var.name, or after = any HCL expression."
        ),
    ),
    Context(
        id="compose.outline",
        title="Outline",
        within=("compose", "app"),
        help="The parts of the template. Provisioners run from top to bottom.",
    ),
    Context(id="compose.field", title="Field", within=("compose", "app")),
    Context(
        id="compose.input",
        title="Value of a field",
        within=("compose", "app"),
        help="A value, a reference such as var.name, or = and an expression. Empty: the default.",
    ),
    Context(id="compose.text", title="Text of the template", within=("compose", "app")),
    Context(id="compose.problems", title="Problems", within=("compose", "app")),
    Context(id="lookup", title="Choose a value", within=("dialog",)),
    Context(id="script", title="Editor", within=("dialog",)),
)


def _action(
    name: str,
    keys: tuple[str, ...],
    text: str,
    help_: str,
    group: str,
    context: str = "compose",
    *,
    enabled: Enabled = _open,
    footer: int = 0,
    palette: bool = True,
    short: str = "",
) -> Action:
    return Action(
        id=f"{context}.{name}", keys=keys, text=text, short=short, help=help_, group=group,
        contexts=(context,), enabled=enabled, footer=footer, palette=palette,
    )  # fmt: skip


_MOVES = (
    ("up", ("up", "k"), "up", "One {} up"),
    ("down", ("down", "j"), "down", "One {} down"),
)

ACTIONS = (
    Action(
        id="images.compose",
        keys=("n",),
        text="new build from this",
        short="new build",
        help="Compose a template that begins with this image",
        group="Build",
        contexts=("browse.images",),
        enabled=_one_image,
        footer=10,
    ),
    Action(
        id="app.open-template",
        keys=(),
        text="open a template",
        help="Open a template in Compose: a file, or a folder of files",
        group="Build",
        contexts=("app",),
    ),
    Action(
        id="app.compose",
        keys=("f9",),
        text="template",
        help="Go to the template that is open, or begin a new one",
        group="Build",
        contexts=("app",),
    ),
    _action(
        "build", ("B", "f5"), "build", "Start the build of this template", "Build",
        enabled=_if(lambda s: s.build or None), footer=3,
    ),
    _action(
        "swap", ("f2",), "form/text", "Edit the text of the template, or its form again", "Template",
        footer=5,
    ),
    _action("save", ("ctrl+s",), "save", "Write the template to its file", "Template", footer=8),
    _action(
        "save-as", (), "save as", "Write the template to another file", "Template",
        enabled=_if(
            lambda s: "The files of a folder stay where they are; open one to save it elsewhere."
            if s.folder else None
        ),
    ),
    _action(
        "open-template", ("o",), "open", "Open another template: a file, or a folder of files",
        "Template", enabled=always, footer=51, palette=False,
    ),
    _action(
        "undo", ("ctrl+z",), "undo", "Take back the last change, of form or text", "Template",
        enabled=_if(lambda s: None if s.undo else "There is nothing to take back."), footer=60,
    ),
    _action(
        "redo", ("ctrl+y",), "redo", "Make the change again that was taken back last", "Template",
        enabled=_if(lambda s: None if s.redo else "Nothing was taken back."),
    ),
    _action(
        "problems", ("p", "f8"), "problems", "Go through what is wrong with the template", "Template",
        enabled=_if(lambda s: None if s.problems else "There are no problems."), footer=6,
    ),
    _action(
        "add-provisioner", ("a",), "add provisioner", "Add a provisioner behind the selected one",
        "Parts", footer=4,
    ),
    _action(
        "add-post-processor", ("A",), "add post-processor", "Add a post-processor", "Parts",
        enabled=_if(
            lambda s: None if s.post_processors else "This version has no post-processors yet."
        ),
    ),
    _action(
        "variable-file", ("f",), "variable file",
        "Take values of variables from a file, as -var-file does; chosen again, no more", "Parts",
    ),
    _action(
        "break", ("b",), "break here",
        "Let builds that are started here stop before this step, or no longer", "Build",
        enabled=_if(lambda s: s.stop or None), footer=2, short="break",
    ),
    _action(
        "stops", ("S",), "stops…",
        "What builds that are started here stop for: before and after steps, failures, the "
        "clean-up, lines of output, exit statuses", "Build", footer=14,
    ),
    _action("add-variable", ("v",), "add variable", "Declare a variable", "Parts", footer=50),
    # the outline
    *(
        _action(name, keys, text, help_.format("part"), "Move", "compose.outline",
                enabled=always, palette=False)
        for name, keys, text, help_ in _MOVES
    ),
    _action(
        "open", ("enter", "right", "l"), "fields", "Go to the fields of this part", "Move",
        "compose.outline", footer=1, palette=False,
    ),
    _action(
        "move-up", ("K", "shift+up"), "move up", "Let it run before the one above", "Parts",
        "compose.outline", enabled=_if(_up),
    ),
    _action(
        "move-down", ("J", "shift+down"), "move down", "Let it run behind the one below", "Parts",
        "compose.outline", enabled=_if(_down), footer=13,
    ),
    _action(
        "switch", ("space",), "on/off",
        "Switch it off, so that it is kept but not run; or on again", "Parts",
        "compose.outline", enabled=_if(_movable), footer=11,
    ),
    _action(
        "delete", ("d", "delete"), "delete", "Delete this part; ctrl+z brings it back", "Parts",
        "compose.outline", enabled=_if(_deletable), footer=12,
    ),
    _action(
        "give-value", ("g",), "give a value",
        "Give the variable a value for builds that are started here", "Parts",
        "compose.outline", footer=9,
        enabled=_if(
            lambda s: None if s.part == "variable" else "Only variables are given values."
        ),
    ),
    _action(
        "script", ("e",), "edit script", "Edit its commands in an editor", "Parts",
        "compose.outline", enabled=_if(_script), footer=10,
    ),
    # the form
    *(
        _action(name, keys, text, help_.format("field"), "Move", "compose.field",
                enabled=always, palette=False)
        for name, keys, text, help_ in _MOVES
    ),
    _action(
        "edit", ("enter",), "edit", "Change the value: type, choose from a list, or turn round",
        "Field", "compose.field", footer=1,
    ),
    _action(
        "clear", ("delete", "backspace", "d"), "default",
        "Take the value out of the template, so that the default holds", "Field",
        "compose.field", enabled=_of_field(_set), footer=11,
    ),
    _action(
        "write", ("=",), "as text", "Type the value, a reference, or = and an expression", "Field",
        "compose.field", footer=12,
    ),
    _action(
        "editor", ("e",), "editor", "Edit the value in an editor of several lines", "Field",
        "compose.field", footer=13,
    ),
    _action(
        "heredoc", ("t",), "one text / list",
        "Write the lines as one text, a heredoc, or as a list of lines again", "Field",
        "compose.field", enabled=_of_field(_lines), footer=14,
    ),
    _action(
        "documentation", ("D",), "its page", "Copy the address of the page that documents the option",
        "Field", "compose.field", enabled=_of_field(_documented),
    ),
    _action(
        "hide", ("h",), "make a variable",
        "Keep this secret out of the template: in a variable that is marked as sensitive", "Field",
        "compose.field", enabled=_of_field(_secret), footer=7,
    ),
    _action(
        "outline", ("left",), "outline", "Go back to the outline", "Move", "compose.field",
        enabled=always, palette=False,
    ),
    # a value that is typed
    *(
        _action(name, (key,), text, help_, "Field", "compose.input", enabled=always,
                footer=footer, palette=False)
        for name, key, text, help_, footer in (
            ("accept", "enter", "accept", "Keep the value", 1),
            ("up", "up", "field above", "Keep the value and go one field up", 0),
            ("down", "down", "field below", "Keep the value and go one field down", 0),
        )
    ),
    # problems
    *(
        _action(name, keys, text, help_.format("problem"), "Move", "compose.problems",
                enabled=always, palette=False)
        for name, keys, text, help_ in _MOVES
    ),
    _action(
        "jump", ("enter",), "go there", "Go to the field or line", "Move", "compose.problems",
        footer=1, palette=False,
    ),
    # dialogs
    *(
        _action(name, (key,), text, help_, "Dialog", "lookup", enabled=always,
                footer=footer, palette=False)
        for name, key, text, help_, footer in (
            ("take", "enter", "choose", "Take this value", 1),
            ("complete", "tab", "complete", "Complete what is typed", 2),
            ("up", "up", "up", "One value up", 0),
            ("down", "down", "down", "One value down", 0),
        )
    ),
    _action(
        "accept", ("ctrl+s",), "accept", "Keep the text", "Dialog", "script", enabled=always,
        footer=1, palette=False,
    ),
    _action(
        "outside", ("f4",), "in your editor", "Edit the text in your own editor", "Dialog", "script",
        enabled=always, footer=2, palette=False,
    ),
)  # fmt: skip
