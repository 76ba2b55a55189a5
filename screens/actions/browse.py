"""Actions of Browse: moving between resources, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from screens.actions.action import Action, Context, Enabled
from screens.actions.tabs import OUTSCALE, OXIDE, TABS, WITH_DETAILS, WITH_ID


@dataclass(frozen=True, slots=True)
class BrowseSituation:
    """What decides which actions are possible."""

    connected: bool = False
    connecting: bool = False
    """The rack was chosen and has not answered yet."""
    failed: bool = False
    """The rack could not be reached; another try may be made."""
    read_only: str = ""
    """Why nothing may be changed; empty if it may."""
    rows: Sequence[Any] = ()
    """The marked rows, or the one under the cursor."""
    project: str = ""
    """Name of the project that was entered."""
    in_details: bool = False
    """The details fill the screen."""
    owner: str = ""
    """The account whose things may be changed; empty where nothing of others is shown."""
    related: str = ""
    """Why there is nowhere to go from the row under the cursor; empty if there is."""


def state_of(row: Any) -> str:
    """The state of a row, by whichever name it has one."""
    state = getattr(row, "run_state", None) or getattr(row, "state", "")
    return str(getattr(state, "state", state))


def _needs_rack(situation: BrowseSituation) -> str | None:
    if situation.connecting:
        return "The rack is still being connected; try again in a moment."
    return None if situation.connected else "There is no connection to a rack (ctrl+o chooses one)."


def needs_rows(situation: BrowseSituation) -> str | None:
    """For actions on what is shown."""
    if reason := _needs_rack(situation):
        return reason
    return None if situation.rows else "There is no row under the cursor."


def _opens_details(situation: BrowseSituation) -> str | None:
    if situation.in_details:
        return "These are the details; esc leads back to the table."
    return needs_rows(situation)


def changes(situation: BrowseSituation) -> str | None:
    """For actions that change the rack but no row of it."""
    return _needs_rack(situation) or situation.read_only or None


def changes_rows(situation: BrowseSituation) -> str | None:
    """For actions that change rows."""
    return situation.read_only or needs_rows(situation)


def one_row(situation: BrowseSituation) -> str | None:
    """For actions that change a single row."""
    if reason := changes_rows(situation):
        return reason
    return None if len(situation.rows) == 1 else "Several rows are marked; this works on one."


def if_all(wanted: Callable[[Any], bool], reason: str) -> Enabled:
    """Possible if it is for every selected row; the reason names the first that stands against it."""

    def enabled(situation: BrowseSituation) -> str | None:
        if prevented := changes_rows(situation):
            return prevented
        against = [row for row in situation.rows if not wanted(row)]
        if not against:
            return None
        return reason.format(name=against[0].name, state=state_of(against[0]).replace("_", " "))

    return enabled


def deletable(*states: str, hint: str) -> Enabled:
    """For deletions of what must be in one of these states; `hint` says how it gets there."""
    words = " or ".join(states)
    return if_all(
        lambda row: state_of(row) in states,
        f"{{name}} is {{state}}; only what is {words} can be deleted. {hint}",
    )


CONTEXTS = (
    Context(
        id="browse",
        title="Browse",
        help="Everything on the rack or in the account, kept up to date while you look.",
    ),
    *(context for tabs in TABS.values() for context in tabs.contexts),
)

ACTIONS = (
    *(action for tabs in TABS.values() for action in tabs.actions),
    Action(
        id="browse.next-tab",
        keys=("right", "l"),
        text="next tab",
        help="Show the next kind of resource",
        group="Resources",
        contexts=("browse",),
        palette=False,
    ),
    Action(
        id="browse.previous-tab",
        keys=("left", "h"),
        text="previous tab",
        help="Show the kind of resource before this one",
        group="Resources",
        contexts=("browse",),
        palette=False,
    ),
    Action(
        id="browse.filter",
        keys=("/",),
        text="filter",
        help="Narrow the table while you type",
        group="Table",
        contexts=("browse",),
        enabled=lambda s: "The details are shown; esc leads back." if s.in_details else None,
        footer=60,
    ),
    Action(
        id="browse.details",
        keys=("enter",),
        text="details",
        help="Show everything about the row under the cursor",
        group="Table",
        contexts=WITH_DETAILS,
        enabled=_opens_details,
        footer=50,
    ),
    Action(
        id="browse.enter-project",
        keys=("enter",),
        text="open project",
        short="open",
        help="Show only what this project has",
        group="Projects",
        contexts=("browse.projects",),
        enabled=needs_rows,
        footer=1,
    ),
    Action(
        id="browse.project-details",
        keys=("i",),
        text="details",
        help="Show everything about the project under the cursor",
        group="Projects",
        contexts=("browse.projects",),
        enabled=_opens_details,
        footer=50,
    ),
    Action(
        id="browse.choose-project",
        keys=("o",),
        text="project",
        help="Choose the project whose resources are shown, or all",
        group="Projects",
        contexts=(OXIDE.context,),
        enabled=_needs_rack,
        footer=55,
    ),
    Action(
        id="browse.leave-project",
        keys=(),
        text="all projects",
        help="Show the resources of all projects",
        group="Projects",
        contexts=(OXIDE.context,),
        enabled=lambda s: None if s.project else "No project was entered: all are shown.",
    ),
    Action(
        id="browse.copy-id",
        keys=("y",),
        text="copy id",
        help="Copy the id of the row under the cursor",
        group="Table",
        contexts=WITH_ID,
        enabled=needs_rows,
        footer=65,
    ),
    Action(
        id="browse.related",
        keys=("v",),
        text="related",
        help="Go to what belongs to the row under the cursor, such as the volumes of a VM",
        group="Table",
        contexts=(OUTSCALE.context,),
        enabled=lambda s: needs_rows(s) or s.related or None,
        footer=52,
    ),
    Action(
        id="browse.copy-json",
        keys=("Y",),
        text="copy JSON",
        help="Copy the whole row as JSON, as the API gave it",
        group="Table",
        contexts=("browse",),
        enabled=needs_rows,
    ),
    Action(
        id="browse.reload",
        keys=("r",),
        text="reload",
        help="Ask the rack again now; where it could not be reached, try to connect again",
        group="Table",
        contexts=("browse",),
        enabled=lambda s: None if s.failed else _needs_rack(s),
        footer=66,
    ),
    Action(
        id="browse.history-back",
        keys=("[",),
        text="back",
        help="Go back through the places you have been",
        group="Move",
        contexts=("browse",),
    ),
    Action(
        id="browse.history-forward",
        keys=("]",),
        text="forward",
        help="Go forward again through the places you have been",
        group="Move",
        contexts=("browse",),
    ),
)
