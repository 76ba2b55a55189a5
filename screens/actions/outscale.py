"""Actions of Browse on what an Outscale account has."""

from __future__ import annotations

from typing import Any

from screens.actions.action import Action, Context, Enabled
from screens.actions.browse_situation import (
    BrowseSituation,
    changes_rows,
    deletable,
    needs_rows,
)
from screens.actions.changes import deletions
from screens.actions.tabs import OUTSCALE

CONTEXTS: tuple[Context, ...] = ()


def _one_image(situation: BrowseSituation) -> str | None:
    if reason := needs_rows(situation):
        return reason
    if len(situation.rows) > 1:
        return "Several OMIs are marked; a build begins with one."
    image = situation.rows[0]
    return None if image.state == "available" else f"{image.name} is {image.state}; wait for it."


def _own(then: Enabled) -> Enabled:
    """Only what belongs to the account."""

    def enabled(situation: BrowseSituation) -> str | None:
        if reason := changes_rows(situation):
            return reason
        other: Any = next((r for r in situation.rows if r.account_id != situation.owner), None)
        if other is not None:
            whose = other.account_alias or other.account_id
            return f"{other.name} belongs to {whose}; only what is your account's can be deleted."
        return then(situation)

    return enabled


_DELETE = {
    "omis": _own(changes_rows),
    "volumes": deletable("available", "error", hint="Unlink it first."),
    "snapshots": _own(deletable("completed", "error", hint="Wait a moment.")),
}

ACTIONS = (
    Action(
        id="outscale.compose",
        keys=("n",),
        text="new build from this",
        short="new build",
        help="Compose a template that begins with this OMI",
        group="Build",
        contexts=(OUTSCALE.of("omis"),),
        enabled=_one_image,
        footer=10,
    ),
    *deletions(OUTSCALE, _DELETE),
    Action(
        id="outscale.not-here",
        keys=("o", "u", "b", "p", "P"),
        text="of racks only",
        help="Projects, uploads, test instances and promotion are of Oxide racks",
        group="Change",
        contexts=(OUTSCALE.context,),
        enabled=lambda _: (
            "Projects, uploads, test instances and promotion are of Oxide racks; "
            "an Outscale account has none of them."
        ),
        palette=False,
    ),
)
