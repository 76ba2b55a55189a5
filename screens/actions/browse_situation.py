"""What Browse and its rows look like to actions, and when these are possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from screens.actions.action import Enabled


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


def needs_rack(situation: BrowseSituation) -> str | None:
    """For actions that ask the rack."""
    if situation.connecting:
        return "The rack is still being connected; try again in a moment."
    return None if situation.connected else "There is no connection to a rack (ctrl+o chooses one)."


def needs_rows(situation: BrowseSituation) -> str | None:
    """For actions on what is shown."""
    if reason := needs_rack(situation):
        return reason
    return None if situation.rows else "There is no row under the cursor."


def opens_details(situation: BrowseSituation) -> str | None:
    """For showing a row alone."""
    if situation.in_details:
        return "These are the details; esc leads back to the table."
    return needs_rows(situation)


def changes(situation: BrowseSituation) -> str | None:
    """For actions that change the rack but no row of it."""
    return needs_rack(situation) or situation.read_only or None


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
