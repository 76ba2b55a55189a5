"""Actions of the Export screen."""

from __future__ import annotations

from typing import Any

from screens.actions.action import Action, Context

CONTEXTS = (
    Context(
        id="export",
        title="Export",
        help=(
            "The session as a template for stock Packer with the Oxide plugin: what it began with, and "
            "what was edited, skipped and found out. It was read back and planned again, and does what "
            "the session did. Secrets are variables in it."
        ),
    ),
)

TABS = (("template", "Template"), ("changes", "Changes"), ("notes", "Notes"))
"""Id and title of each view."""


def _made(screen: Any) -> str | None:
    return None if screen.exported is not None else screen.waiting


def _sound(screen: Any) -> str | None:
    if screen.exported is not None and screen.exported.problems:
        return "It would not do what the session did; 3 says what is wrong."
    return _made(screen)


ACTIONS = (
    Action(
        id="export.save",
        keys=("w", "ctrl+s"),
        text="save",
        help="Write the template to a file; asks before one is overwritten",
        group="Export",
        contexts=("export",),
        enabled=_sound,
        footer=1,
    ),
    Action(
        id="export.copy",
        keys=("y",),
        text="copy",
        help="Copy the template, or the changes where they are shown",
        group="Export",
        contexts=("export",),
        enabled=_made,
        footer=3,
    ),
    *(
        Action(
            id=f"export.{id_}",
            keys=(key,),
            text=id_,
            help=help_,
            group="Export",
            contexts=("export",),
            enabled=_made,
            footer=footer,
        )
        for id_, key, help_, footer in (
            ("commands", "c", "Commands that ran at stops as provisioners, or as comments", 5),
            ("breakpoints", "b", "Breakpoints as provisioners that stop, or left out", 6),
        )
    ),
    *(
        Action(
            id=f"export.{id_}",
            keys=(str(number),),
            text=title.lower(),
            help=f"Show: {title.lower()}",
            group="Go to",
            contexts=("export",),
        )
        for number, (id_, title) in enumerate(TABS, 1)
    ),
    Action(
        id="export.next",
        keys=("tab",),
        text="next view",
        help="Show the next of template, changes and notes",
        group="Go to",
        contexts=("export",),
        footer=4,
        palette=False,
    ),
)
