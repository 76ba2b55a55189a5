"""Actions on builds that are possible from every screen, and the one that begins the next of the same template."""

from __future__ import annotations

from typing import Any

from screens.actions.action import Action, Context

CONTEXTS: tuple[Context, ...] = ()


def _has_builds(app: Any) -> str | None:
    return None if app.builds.all else "No build was started yet."


def _on_demo(app: Any) -> str | None:
    if app.connector.link is None:
        return "Connect to a rack first."
    return None if app.is_demo else "The example is made for the demo rack."


ACTIONS = (
    Action(
        id="build.again",
        keys=("f5",),
        text="build again",
        short="again",
        help="Build the template again, as Compose has it now; it stops where this session did",
        group="Build",
        contexts=("build",),
        enabled=lambda build: build.no_again or None,
        footer=13,
    ),
    Action(
        id="app.builds",
        keys=("f4",),
        text="builds",
        help="Show the build that was started last",
        group="Build",
        contexts=("app",),
        enabled=_has_builds,
    ),
    Action(
        id="app.sessions",
        keys=("f3",),
        text="sessions",
        help="Show past and running sessions: replay, leftovers",
        group="Build",
        contexts=("app",),
    ),
    Action(
        id="app.build-example",
        keys=("E",),
        text="build the example",
        short="example",
        help="Build the bundled example on the demo rack, and watch it stop at its breakpoint",
        group="Build",
        contexts=("app",),
        enabled=_on_demo,
        footer=46,
    ),
)
