"""Actions of Connect: choosing a rack."""

from __future__ import annotations

from typing import Any

from screens.actions.action import Action, Context

CONTEXTS = (
    Context(
        id="connect",
        title="Racks",
        help=(
            "The profiles of the oxide command and of Outscale's tools (~/.osc/config.json), what "
            "OXIDE_* and OSC_* name, the demo rack on this machine, a login in your browser, or a "
            "host and a token of your own. A token that you paste is used until oxtui ends and is not kept."
        ),
    ),
    Context(
        id="login",
        title="Log in",
        within=("dialog",),
        help="The rack's own page asks who you are; oxtui sees no password.",
    ),
)


def _has_code(dialog: Any) -> str | None:
    return None if dialog.code is not None else "The rack gave no code yet."


def _has_ended(dialog: Any) -> str | None:
    return None if dialog.problem else "The code that is shown is still good."


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
        short="paste",
        help="Connect with a host and a token that you paste",
        group="Racks",
        contexts=("connect",),
        footer=3,
    ),
    Action(
        id="connect.log-in",
        keys=("l",),
        text="log in",
        help="Log in to a rack: confirm a code in a browser; the profile is kept",
        group="Racks",
        contexts=("connect",),
        footer=2,
    ),
    Action(
        id="login.again",
        keys=("r",),
        text="new code",
        help="Ask the rack for a new code",
        group="Racks",
        contexts=("login",),
        enabled=_has_ended,
        footer=1,
        palette=False,
    ),
    Action(
        id="login.copy-address",
        keys=("y",),
        text="copy address",
        help="Copy the address of the page that confirms the code",
        group="Racks",
        contexts=("login",),
        enabled=_has_code,
        footer=2,
        palette=False,
    ),
    Action(
        id="login.copy-code",
        keys=("c",),
        text="copy code",
        help="Copy the code",
        group="Racks",
        contexts=("login",),
        enabled=_has_code,
        footer=3,
        palette=False,
    ),
)
