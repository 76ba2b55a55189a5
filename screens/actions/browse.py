"""Actions of Browse: moving between resources, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from screens.actions.action import Action, Context, Enabled
from screens.wording import in_sentence

RESOURCES = (
    (
        "projects",
        "Projects",
        "enter goes into a project: the other tabs then show only what it has.",
    ),
    (
        "images",
        "Images",
        "Images of the silo (usable in every project) and of projects, with where each is.",
    ),
    ("instances", "Instances", "Virtual machines. Only stopped ones can be deleted."),
    ("disks", "Disks", "Only detached disks can be deleted."),
    ("snapshots", "Snapshots", "States of disks that images are made from."),
    ("vpcs", "VPCs", "Networks; the details show subnets and firewall rules."),
    ("ip-pools", "IP pools", "Where the external addresses of instances come from."),
    ("keys", "Keys", "Your SSH keys, yours alone; new instances are given them."),
    ("quota", "Quota", "What the silo may use and what of it is used."),
)
"""Id, title and help of each kind of resource, in the order of their tabs."""

TITLES = {id_: title for id_, title, _ in RESOURCES}
_ALL = tuple(f"browse.{name}" for name, _, _ in RESOURCES)


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


def _state(row: Any) -> str:
    state = getattr(row, "run_state", None) or getattr(row, "state", "")
    return str(getattr(state, "state", state))


def _needs_rack(situation: BrowseSituation) -> str | None:
    if situation.connecting:
        return "The rack is still being connected; try again in a moment."
    return None if situation.connected else "There is no connection to a rack (ctrl+o chooses one)."


def _needs_rows(situation: BrowseSituation) -> str | None:
    if reason := _needs_rack(situation):
        return reason
    return None if situation.rows else "There is no row under the cursor."


def _opens_details(situation: BrowseSituation) -> str | None:
    if situation.in_details:
        return "These are the details; esc leads back to the table."
    return _needs_rows(situation)


def changes(situation: BrowseSituation) -> str | None:
    """For actions that change the rack but no row of it."""
    return _needs_rack(situation) or situation.read_only or None


def _changes_rows(situation: BrowseSituation) -> str | None:
    return situation.read_only or _needs_rows(situation)


def _one_row(situation: BrowseSituation) -> str | None:
    if reason := _changes_rows(situation):
        return reason
    return None if len(situation.rows) == 1 else "Several rows are marked; this works on one."


def _if_all(wanted: Callable[[Any], bool], reason: str) -> Enabled:
    """Possible if it is for every selected row; the reason names the first that stands against it."""

    def enabled(situation: BrowseSituation) -> str | None:
        if prevented := _changes_rows(situation):
            return prevented
        against = [row for row in situation.rows if not wanted(row)]
        if not against:
            return None
        return reason.format(name=against[0].name, state=_state(against[0]).replace("_", " "))

    return enabled


def _deletable(*states: str, hint: str) -> Enabled:
    words = " or ".join(states)
    return _if_all(
        lambda row: _state(row) in states,
        f"{{name}} is {{state}}; only what is {words} can be deleted. {hint}",
    )


_DELETE = {
    "images": _changes_rows,
    "instances": _deletable("stopped", "failed", hint="x stops it."),
    "disks": _deletable("detached", "faulted", hint="Delete or stop its instance first."),
    "snapshots": _deletable("ready", "faulted", hint="Wait a moment."),
    "keys": _changes_rows,
}


CONTEXTS = (
    Context(
        id="browse",
        title="Browse",
        help="Everything on the rack, kept up to date while you look.",
    ),
    *(
        Context(id=f"browse.{name}", title=title, within=("table", "browse", "app"), help=help_)
        for name, title, help_ in RESOURCES
    ),
)

ACTIONS = (
    *(
        Action(
            id=f"browse.{name}",
            keys=(str(number),),
            text=title,
            help=f"Show {in_sentence(title)}",
            group="Resources",
            contexts=("browse",),
        )
        for number, (name, title, _) in enumerate(RESOURCES, 1)
    ),
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
        contexts=tuple(each for each in _ALL if each != "browse.projects"),
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
        enabled=_needs_rows,
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
        contexts=("browse",),
        enabled=_needs_rack,
        footer=55,
    ),
    Action(
        id="browse.leave-project",
        keys=(),
        text="all projects",
        help="Show the resources of all projects",
        group="Projects",
        contexts=("browse",),
        enabled=lambda s: None if s.project else "No project was entered: all are shown.",
    ),
    Action(
        id="browse.copy-id",
        keys=("y",),
        text="copy id",
        help="Copy the id of the row under the cursor",
        group="Table",
        contexts=tuple(each for each in _ALL if each != "browse.quota"),
        enabled=_needs_rows,
        footer=65,
    ),
    Action(
        id="browse.copy-json",
        keys=("Y",),
        text="copy JSON",
        help="Copy the whole row as JSON, as the API gave it",
        group="Table",
        contexts=("browse",),
        enabled=_needs_rows,
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
    *(
        Action(
            id=f"browse.delete-{name}",
            keys=("d", "delete"),
            text="delete",
            help="Delete what is marked, or the row under the cursor, after telling what is lost",
            group="Change",
            contexts=(f"browse.{name}",),
            enabled=enabled,
            footer=40,
        )
        for name, enabled in _DELETE.items()
    ),
    Action(
        id="images.boot",
        keys=("b",),
        text="boot a test instance",
        short="boot",
        help="Start an instance from this image, to see whether it works",
        group="Change",
        contexts=("browse.images",),
        enabled=_one_row,
        footer=20,
    ),
    Action(
        id="images.promote",
        keys=("p",),
        text="promote",
        help="Move the image from its project to the silo, for every project",
        group="Change",
        contexts=("browse.images",),
        enabled=_if_all(
            lambda row: row.project_id is not None,
            "{name} is a silo image already; P moves it into a project.",
        ),
        footer=30,
    ),
    Action(
        id="images.demote",
        keys=("P",),
        text="demote",
        help="Move the image from the silo into one project",
        group="Change",
        contexts=("browse.images",),
        enabled=_if_all(
            lambda row: row.project_id is None,
            "{name} is in a project already; p moves it to the silo.",
        ),
        footer=31,
    ),
    Action(
        id="instances.start",
        keys=("t",),
        text="start",
        help="Start the instance",
        group="Change",
        contexts=("browse.instances",),
        enabled=_if_all(
            lambda row: _state(row) in ("stopped", "failed"),
            "{name} is {state}; only a stopped or failed instance can be started.",
        ),
        footer=10,
    ),
    Action(
        id="instances.stop",
        keys=("x",),
        text="stop",
        help="Stop the instance; disks and addresses stay",
        group="Change",
        contexts=("browse.instances",),
        enabled=_if_all(
            lambda row: _state(row) in ("running", "starting", "rebooting", "migrating", "failed"),
            "{name} is {state}; only an instance that runs can be stopped.",
        ),
        footer=11,
    ),
    Action(
        id="instances.reboot",
        keys=("e",),
        text="reboot",
        help="Reboot the instance",
        group="Change",
        contexts=("browse.instances",),
        enabled=_if_all(
            lambda row: _state(row) == "running",
            "{name} is {state}; only an instance that runs can be rebooted.",
        ),
        footer=12,
    ),
    Action(
        id="keys.add",
        keys=("a",),
        text="add a key",
        short="add",
        help="Add a public SSH key",
        group="Change",
        contexts=("browse.keys",),
        enabled=changes,
        footer=10,
    ),
)
