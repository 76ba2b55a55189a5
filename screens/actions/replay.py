"""Actions on a session that is played again in the Build screen."""

from __future__ import annotations

from screens.actions.action import Action, Context
from screens.actions.build_situation import BuildSituation

CONTEXT = "build.replay"

CONTEXTS = (
    Context(
        id=CONTEXT,
        title="Replay",
        within=("build", "build.steps", "app"),
        help=(
            "A session that is over, at any moment of it: steps, output, stops and resources are as they "
            "were then. Times in which nothing happened for more than a few seconds are played short."
        ),
    ),
)


def _at_begin(situation: BuildSituation) -> str | None:
    return "This is its beginning." if situation.position == 0 else None


def _at_end(situation: BuildSituation) -> str | None:
    return "This is its end." if situation.position == situation.events else None


ACTIONS = tuple(
    Action(
        id=f"{CONTEXT}.{name}",
        keys=keys,
        text=text,
        help=help_,
        group="Replay",
        contexts=(CONTEXT,),
        enabled=enabled,
        footer=footer,
    )
    for name, keys, text, help_, enabled, footer in (
        ("play", ("space",), "play", "Play the session, or stand still", lambda _: None, 1),
        ("back", ("left",), "step back", "To where the step before begins", _at_begin, 2),
        ("forward", ("right",), "next step", "To where the next step begins, or the build stops", _at_end, 3),
        ("faster", ("+",), "speed", "Play at 1, 4 or 16 times the speed, or as fast as can be", lambda _: None, 4),
        ("event-back", (",",), "event back", "One event back", _at_begin, 0),
        ("event-forward", (".",), "next event", "One event on", _at_end, 0),
        ("begin", ("home",), "beginning", "To the beginning of the session", _at_begin, 0),
        ("end", ("end",), "end", "To the end of the session", _at_end, 5),
    )
)  # fmt: skip
