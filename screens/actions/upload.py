"""Actions on uploads of images."""

from __future__ import annotations

from typing import Any

from screens.actions.action import Action, Context
from screens.actions.browse_situation import changes

CONTEXTS = (
    Context(
        id="upload",
        title="Upload",
        within=(),
        help="The upload goes on while you look at other things; the top line tells how far it is.",
    ),
)


def _has_uploads(app: Any) -> str | None:
    return None if app.uploads.all else "No upload was started yet; u on an image starts one."


def _runs(dialog: Any) -> str | None:
    return "It is over." if dialog.upload.is_over else None


ACTIONS = (
    Action(
        id="images.upload",
        keys=("u",),
        text="upload",
        help="Upload a file with a disk's blocks as a new image",
        group="Change",
        contexts=("browse.images",),
        enabled=changes,
        footer=25,
    ),
    Action(
        id="app.uploads",
        keys=("f6",),
        text="uploads",
        help="Show the upload that was started last",
        group="Images",
        contexts=("app",),
        enabled=_has_uploads,
    ),
    Action(
        id="upload.hide",
        keys=("enter", "escape", "ctrl+c"),
        text="close",
        help="Close this; the upload goes on, and f6 shows it again",
        group="Upload",
        contexts=("upload",),
        footer=1,
        palette=False,
    ),
    Action(
        id="upload.stop",
        keys=("x",),
        text="cancel the upload",
        help="End the upload and delete what it made so far",
        group="Upload",
        contexts=("upload",),
        enabled=_runs,
        footer=2,
        palette=False,
    ),
)
