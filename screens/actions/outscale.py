"""Actions of Browse on what an Outscale account has."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from screens.actions.action import Action, Context, Enabled
from screens.actions.browse_situation import (
    BrowseSituation,
    changes_rows,
    deletable,
    if_all,
    needs_rows,
)
from screens.actions.changes import change, deletions
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


def _in(states: Collection[str], reason: str) -> Enabled:
    return if_all(lambda row: row.state in states, reason)


def _one_vm(situation: BrowseSituation) -> str | None:
    if reason := needs_rows(situation):
        return reason
    return None if len(situation.rows) == 1 else "Several VMs are marked; look at one."


_DELETE = {
    "omis": _own(changes_rows),
    "vms": if_all(
        lambda row: row.state not in ("shutting-down", "terminated"),
        "{name} is {state} already; it goes from the list by itself.",
    ),
    "volumes": deletable("available", "error", hint="Unlink it first."),
    "snapshots": _own(deletable("completed", "error", hint="Wait a moment.")),
    "security-groups": if_all(
        lambda row: row.name != "default", "{name} is a group that Outscale itself made; it stays."
    ),
    "keypairs": changes_rows,
    "public-ips": if_all(
        lambda row: not row.vm_id, "{name} leads to a VM; delete that first, or take another one."
    ),
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
    change(
        OUTSCALE, "vms", "outscale.start", "t", "Start the VM",
        enabled=_in(("stopped",), "{name} is {state}; only a stopped VM can be started."),
        footer=10,
    ),
    change(
        OUTSCALE, "vms", "outscale.stop", "x", "Stop the VM; volumes stay",
        enabled=_in(
            ("running", "pending"), "{name} is {state}; only a VM that runs can be stopped."
        ),
        footer=11,
    ),
    change(
        OUTSCALE, "vms", "outscale.reboot", "e", "Reboot the VM",
        enabled=_in(("running",), "{name} is {state}; only a VM that runs can be rebooted."),
        footer=12,
    ),
    Action(
        id="outscale.console",
        keys=("c",),
        text="console",
        help="Read what the VM said on its serial console, as of now",
        group="Table",
        contexts=(OUTSCALE.of("vms"),),
        enabled=_one_vm,
        footer=13,
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
)  # fmt: skip
