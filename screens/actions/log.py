"""Actions of a log: moving, finding, errors, modes, taking away."""

from __future__ import annotations

from typing import Any

from screens.actions.action import Action, Context

CONTEXTS = (
    Context(
        id="log",
        title="Log",
        help=(
            "Output of a step. It follows what comes until you scroll up; End follows again. "
            "Find takes text (capitals count only where you type one) or a /regular expression/; behind "
            "the last hit it goes on in the next output, or stays in this one while a filter is on. "
            "Lines at the left are marked: ╎ standard error, • oxtui itself."
        ),
    ),
    Context(id="log-search", title="Search in a log", help="While something is searched for."),
)


def _has_lines(situation: Any) -> str | None:
    pane = situation.log_pane
    return None if pane is not None and pane.has_lines else "There is no output here yet."


ACTIONS = (
    Action(
        id="log.find",
        keys=("/",),
        text="find",
        help="Find text, or a /regular expression/, in this log and the others",
        group="Log",
        contexts=("log",),
        enabled=_has_lines,
        footer=60,
    ),
    Action(
        id="log.next-error",
        keys=("]",),
        text="next error",
        help="Go to the next line that looks like an error, over the steps",
        group="Log",
        contexts=("log",),
        footer=62,
    ),
    Action(
        id="log.previous-error",
        keys=("[",),
        text="error before",
        help="Go to the line before that looks like an error, over the steps",
        group="Log",
        contexts=("log",),
    ),
    Action(
        id="log.follow",
        keys=("end", "f"),
        text="follow",
        help="Go to the end and follow what comes",
        group="Log",
        contexts=("log",),
        enabled=_has_lines,
        footer=64,
    ),
    Action(
        id="log.keep",
        keys=("&",),
        text="filter",
        help="Show only the lines with a text; +3 behind it shows three lines around each too",
        group="Log",
        contexts=("log",),
        enabled=_has_lines,
        footer=72,
    ),
    Action(
        id="log.drop",
        keys=("!",),
        text="leave out",
        help="Show only the lines without a text",
        group="Log",
        contexts=("log",),
        enabled=_has_lines,
    ),
    Action(
        id="log.time",
        keys=("t",),
        text="time",
        help="Before each line: nothing, time of day, time since the step began",
        group="Log",
        contexts=("log",),
        footer=68,
    ),
    Action(
        id="log.wrap",
        keys=("W",),
        text="wrap",
        help="Break long lines, or cut them at the edge",
        group="Log",
        contexts=("log",),
        footer=70,
    ),
    Action(
        id="log.copy",
        keys=("y",),
        text="copy",
        help="Copy the selection, else the marked line, else the lines on the screen",
        group="Log",
        contexts=("log",),
        enabled=_has_lines,
        footer=74,
    ),
    Action(
        id="log.save",
        keys=("ctrl+s",),
        text="save log",
        help="Write this log, the build's or the session's to a file; plain, with colours, or as a bundle",
        group="Log",
        contexts=("log",),
        enabled=_has_lines,
    ),
    Action(
        id="log.pager",
        keys=("P",),
        text="pager",
        help="Read this log in $PAGER, else less",
        group="Log",
        contexts=("log",),
        enabled=_has_lines,
    ),
    *(
        Action(
            id=f"log-search.{name}",
            keys=(key,),
            text=text,
            help=help_,
            group="Log",
            contexts=("log-search",),
            footer=footer,
        )
        for name, key, text, help_, footer in (
            (
                "next-hit",
                "n",
                "next hit",
                "Go to the next line with what is searched for, over all outputs",
                1,
            ),
            (
                "previous-hit",
                "N",
                "hit before",
                "Go to the line before with what is searched for",
                2,
            ),
        )
    ),
    *(
        Action(
            id=f"log.{name}",
            keys=keys,
            text=text,
            help=help_,
            group="Move",
            contexts=("log",),
            palette=False,
        )
        for name, keys, text, help_ in (
            ("up", ("up",), "up", "One row up"),
            ("down", ("down",), "down", "One row down"),
            ("page-up", ("pageup",), "page up", "One screenful up"),
            ("page-down", ("pagedown", "space"), "page down", "One screenful down"),
            ("top", ("home",), "first", "First line"),
            ("left", ("left",), "left", "Half a screen to the left"),
            ("right", ("right",), "right", "Half a screen to the right"),
        )
    ),
)
