"""Actions that every screen has: leaving, finding, moving in tables."""

from __future__ import annotations

from screens.actions.action import Action, Context

CONTEXTS = (
    Context(
        id="app",
        title="Everywhere",
        basic=True,
        within=(),
        help="Esc goes back one step. A key that cannot act now says why.",
    ),
    Context(
        id="table",
        title="Table",
        basic=True,
        help="Columns that find no room are in the details (enter). A click on a heading sorts.",
    ),
    Context(id="details", title="Details", basic=True),
    Context(
        id="filter",
        title="Filter",
        help=(
            "Words that must all occur; capitals count only where you type one. "
            "/re/ is a regular expression, !word excludes, ~word matches its letters in order, "
            "column:word looks in one column (state:running)."
        ),
    ),
)

ACTIONS = (
    Action(
        id="app.palette",
        keys=("ctrl+p", ":"),
        text="commands",
        help="Find any action by name, or go to a place: images, vpcs web /filter",
        group="Oxtui",
        contexts=("app",),
        palette=False,
    ),
    Action(
        id="app.help",
        keys=("?", "f1"),
        text="keys",
        help="Show what the focused place does and all its keys",
        group="Oxtui",
        contexts=("app",),
        footer=99,
    ),
    Action(
        id="app.back",
        keys=("escape",),
        text="back",
        help="Go back one step: close, clear the filter, leave the project, then the screen",
        group="Move",
        contexts=("app",),
        enabled=lambda app: None if app.can_go_back() else "There is nothing to go back to here.",
        footer=44,
    ),
    Action(
        id="app.previous",
        keys=("-",),
        text="previous place",
        help="Go to the place you came from; again to return",
        group="Move",
        contexts=("app",),
    ),
    Action(
        id="app.connect",
        keys=("ctrl+o",),
        text="racks",
        help="Choose another rack: profiles, the demo rack, a login, host and token",
        group="Oxtui",
        contexts=("app",),
        enabled=lambda app: "These are the racks." if app.at("connect") else None,
        footer=80,
    ),
    Action(
        id="app.theme",
        keys=(),
        text="theme",
        help="Choose how oxtui looks",
        group="Oxtui",
        contexts=("app",),
    ),
    Action(
        id="app.quit",
        keys=("ctrl+q",),
        text="quit",
        help="Leave oxtui",
        group="Oxtui",
        contexts=("app",),
    ),
    Action(
        id="app.interrupt",
        keys=("ctrl+c",),
        text="copy or quit",
        help="Copy the text that is selected; without a selection, twice leaves oxtui",
        group="Oxtui",
        contexts=("app",),
        palette=False,
    ),
    *(
        Action(
            id=f"{context}.{name}",
            keys=keys,
            text=text,
            help=help_.format(unit),
            group="Move",
            contexts=(context,),
            palette=False,
        )
        for context, unit in (("table", "row"), ("details", "line"))
        for name, keys, text, help_ in (
            ("up", ("up", "k"), "up", "One {} up"),
            ("down", ("down", "j"), "down", "One {} down"),
            ("page-up", ("pageup", "ctrl+b"), "page up", "One page up"),
            ("page-down", ("pagedown", "ctrl+f"), "page down", "One page down"),
            ("top", ("home", "g"), "first", "First {}"),
            ("bottom", ("end", "G"), "last", "Last {}"),
        )
    ),
    Action(
        id="table.sort",
        keys=("s",),
        text="sort",
        help="Sort by the next column",
        group="Table",
        contexts=("table",),
        footer=70,
    ),
    Action(
        id="table.reverse",
        keys=("S",),
        text="reverse",
        help="Turn the order round",
        group="Table",
        contexts=("table",),
    ),
    Action(
        id="table.mark",
        keys=("space",),
        text="mark",
        help="Mark this row, or take its mark away; delete acts on all marked rows",
        group="Table",
        contexts=("table",),
    ),
    Action(
        id="filter.done",
        keys=("enter",),
        text="keep filter",
        help="Go to the table and keep the filter",
        group="Table",
        contexts=("filter",),
        footer=1,
        palette=False,
    ),
    *(
        Action(
            id=f"filter.{name}",
            keys=(name,),
            text=name,
            help=f"One row {name} while you type",
            group="Move",
            contexts=("filter",),
            palette=False,
        )
        for name in ("up", "down")
    ),
)
