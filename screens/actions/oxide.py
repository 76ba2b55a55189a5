"""Actions of Browse on what a rack has."""

from __future__ import annotations

from screens.actions.action import Action, Context
from screens.actions.browse import (
    changes,
    changes_rows,
    deletable,
    if_all,
    one_row,
    state_of,
)
from screens.actions.tabs import OXIDE

CONTEXTS: tuple[Context, ...] = ()

_DELETE = {
    "images": changes_rows,
    "instances": deletable("stopped", "failed", hint="x stops it."),
    "disks": deletable("detached", "faulted", hint="Delete or stop its instance first."),
    "snapshots": deletable("ready", "faulted", hint="Wait a moment."),
    "keys": changes_rows,
}

ACTIONS = (
    *(
        Action(
            id=f"browse.delete-{name}",
            keys=("d", "delete"),
            text="delete",
            help="Delete what is marked, or the row under the cursor, after telling what is lost",
            group="Change",
            contexts=(OXIDE.of(name),),
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
        contexts=(OXIDE.of("images"),),
        enabled=one_row,
        footer=20,
    ),
    Action(
        id="images.promote",
        keys=("p",),
        text="promote",
        help="Move the image from its project to the silo, for every project",
        group="Change",
        contexts=(OXIDE.of("images"),),
        enabled=if_all(
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
        contexts=(OXIDE.of("images"),),
        enabled=if_all(
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
        contexts=(OXIDE.of("instances"),),
        enabled=if_all(
            lambda row: state_of(row) in ("stopped", "failed"),
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
        contexts=(OXIDE.of("instances"),),
        enabled=if_all(
            lambda row: (
                state_of(row) in ("running", "starting", "rebooting", "migrating", "failed")
            ),
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
        contexts=(OXIDE.of("instances"),),
        enabled=if_all(
            lambda row: state_of(row) == "running",
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
        contexts=(OXIDE.of("keys"),),
        enabled=changes,
        footer=10,
    ),
)
