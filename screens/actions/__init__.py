"""The one table of actions: ids, keys, texts, and when each can be done.

Footer, help, palette, `oxtui keys` and the keys themselves are all read from it. A screen's actions
are one module here; its tuple is joined below.
"""

from __future__ import annotations

from screens.actions import (
    browse,
    build,
    building,
    common,
    compose,
    connect,
    dialogs,
    export,
    files,
    log,
    outscale,
    oxide,
    recording,
    replay,
    sessions,
    stop,
    upload,
)
from screens.actions.action import Action, Context, Enabled, always

__all__ = ["ACTIONS", "CONTEXTS", "Action", "Context", "Enabled", "always"]

_MODULES = (
    common,
    browse,
    oxide,
    outscale,
    build,
    building,
    compose,
    connect,
    dialogs,
    export,
    files,
    log,
    recording,
    replay,
    upload,
    sessions,
    stop,
)

ACTIONS: dict[str, Action] = {each.id: each for module in _MODULES for each in module.ACTIONS}
CONTEXTS: dict[str, Context] = {each.id: each for module in _MODULES for each in module.CONTEXTS}
