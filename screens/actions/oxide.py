"""Actions of Browse on what a rack has."""

from __future__ import annotations

from screens.actions.action import Context
from screens.actions.browse_situation import (
    changes,
    changes_rows,
    deletable,
    if_all,
    one_row,
    state_of,
)
from screens.actions.changes import change, deletions
from screens.actions.tabs import OXIDE

CONTEXTS: tuple[Context, ...] = ()

_DELETE = {
    "images": changes_rows,
    "instances": deletable("stopped", "failed", hint="x stops it."),
    "disks": deletable("detached", "faulted", hint="Delete or stop its instance first."),
    "snapshots": deletable("ready", "faulted", hint="Wait a moment."),
    "keys": changes_rows,
}
_STARTED = ("running", "starting", "rebooting", "migrating", "failed")

ACTIONS = (
    *deletions(OXIDE, _DELETE),
    change(
        OXIDE, "images", "images.boot", "b", "Start an instance from this image, to see whether it works",
        text="boot a test instance",
        short="boot",
        enabled=one_row,
        footer=20,
    ),
    change(
        OXIDE, "images", "images.promote", "p", "Move the image from its project to the silo, for every project",
        enabled=if_all(
            lambda row: row.project_id is not None,
            "{name} is a silo image already; P moves it into a project.",
        ),
        footer=30,
    ),
    change(
        OXIDE, "images", "images.demote", "P", "Move the image from the silo into one project",
        enabled=if_all(
            lambda row: row.project_id is None,
            "{name} is in a project already; p moves it to the silo.",
        ),
        footer=31,
    ),
    change(
        OXIDE, "instances", "instances.start", "t", "Start the instance",
        enabled=if_all(
            lambda row: state_of(row) in ("stopped", "failed"),
            "{name} is {state}; only a stopped or failed instance can be started.",
        ),
        footer=10,
    ),
    change(
        OXIDE, "instances", "instances.stop", "x", "Stop the instance; disks and addresses stay",
        enabled=if_all(
            lambda row: state_of(row) in _STARTED,
            "{name} is {state}; only an instance that runs can be stopped.",
        ),
        footer=11,
    ),
    change(
        OXIDE, "instances", "instances.reboot", "e", "Reboot the instance",
        enabled=if_all(
            lambda row: state_of(row) == "running",
            "{name} is {state}; only an instance that runs can be rebooted.",
        ),
        footer=12,
    ),
    change(
        OXIDE, "keys", "keys.add", "a", "Add a public SSH key",
        text="add a key",
        short="add",
        enabled=changes,
        footer=10,
    ),
)  # fmt: skip
