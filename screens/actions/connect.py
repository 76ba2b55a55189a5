"""Actions of Connect: choosing a rack."""

from __future__ import annotations

from screens.actions.action import Action, Context

CONTEXTS = (
    Context(
        id="connect",
        title="Racks",
        help=(
            "The profiles of the oxide command, the demo rack on this machine, or a host and a "
            "token of your own. A token that you paste is used until oxtui ends and is not kept."
        ),
    ),
)

ACTIONS = (
    Action(
        id="connect.open",
        keys=("enter",),
        text="connect",
        help="Connect to the rack under the cursor",
        group="Racks",
        contexts=("connect",),
        footer=1,
    ),
    Action(
        id="connect.paste",
        keys=("a",),
        text="host and token",
        help="Connect with a host and a token that you paste",
        group="Racks",
        contexts=("connect",),
        footer=2,
    ),
)
