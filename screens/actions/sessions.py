"""Actions of the Sessions screen."""

from __future__ import annotations

from typing import Any

from screens.actions.action import Action, Context

CONTEXTS = (
    Context(
        id="sessions",
        title="Sessions",
        within=("table", "app"),
        help=(
            "Every session of yours, also those of other windows and of `oxtui build`. One that was cut off "
            "lost its process; what it left is counted, and l removes it, or R goes on with it."
        ),
    ),
)


def _has_session(screen: Any) -> str | None:
    return None if screen.current is not None else "There is no session here."


def _can_resume(screen: Any) -> str | None:
    row = screen.current
    return "There is no session here." if row is None else row.why_not or None


def _has_left(screen: Any) -> str | None:
    row = screen.current
    if row is None:
        return "There is no session here."
    if row.state == "running":
        return "The session is at work; what it made goes with it, or is listed when it is over."
    return None if row.leftovers else "This session left nothing."


ACTIONS = (
    Action(
        id="sessions.replay",
        keys=("enter",),
        text="look at it",
        help="Show the session on the Build screen, as it was or as it runs",
        group="Session",
        contexts=("sessions",),
        enabled=_has_session,
        footer=1,
    ),
    Action(
        id="sessions.resume",
        keys=("R",),
        text="resume",
        help="Go on with a session whose process ended, from the step that failed or was cut off",
        group="Session",
        contexts=("sessions",),
        enabled=_can_resume,
        footer=2,
    ),
    Action(
        id="sessions.leftovers",
        keys=("l",),
        text="leftovers",
        help="List what the session left on its rack, and remove it",
        group="Session",
        contexts=("sessions",),
        enabled=_has_left,
        footer=3,
    ),
    Action(
        id="sessions.export",
        keys=("x",),
        text="export",
        help="Show the session as a template for stock Packer",
        group="Session",
        contexts=("sessions",),
        enabled=_has_session,
        footer=4,
    ),
    Action(
        id="sessions.bundle",
        keys=("b",),
        text="bundle",
        help="Pack the session into a file that can be handed on, without secrets",
        group="Session",
        contexts=("sessions",),
        enabled=_has_session,
        footer=4,
    ),
    Action(
        id="sessions.copy-ssh",
        keys=("y",),
        text="copy ssh",
        help="Copy the ssh command, with its key file, for the instance that was kept",
        group="Session",
        contexts=("sessions",),
        enabled=_has_left,
        footer=5,
    ),
)
