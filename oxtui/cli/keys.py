"""`oxtui keys`: which key does what, as the settings have it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxtui.cli.errors import USAGE
from oxtui.cli.setting_flags import settings_from
from oxtui.settings import Settings

if TYPE_CHECKING:
    from screens.actions.keymap import Keymap

HELP = """List the keys of every place in the screens, with the id of the action that each sets off.

[keys] in the settings file gives an action other keys by that id; what of it cannot hold is told
here, and the exit code is then 2."""


def configure(parser: ArgumentParser) -> None:
    """How to print it."""
    parser.add_argument("--json", action="store_true", help="print it as one JSON array")


def run(arguments: Namespace) -> int:
    """Print; raises SettingsError if the settings cannot be read."""
    from screens.actions import ACTIONS, CONTEXTS
    from screens.actions.keymap import Keymap

    settings = settings_from(arguments)
    keymap = Keymap(ACTIONS, CONTEXTS, settings.keys)
    if arguments.json:
        print(json.dumps(_json(keymap, settings), indent=2))
    else:
        print("\n\n".join(_places(keymap, settings)))
    for problem in keymap.problems:
        print(f"oxtui: {problem}", file=sys.stderr)
    return USAGE if keymap.problems else 0


def _places(keymap: Keymap, settings: Settings) -> Iterator[str]:
    from screens.actions import ACTIONS, CONTEXTS
    from screens.actions.keymap import key_label

    labels = {each: " ".join(map(key_label, keymap.keys(each))) for each in ACTIONS}
    key_width = max(map(len, labels.values()))
    id_width = max(map(len, ACTIONS))
    for context in CONTEXTS.values():
        lines = [f"{context.title} ({context.id})"]
        for action in ACTIONS.values():
            if context.id in action.contexts:
                line = f"  {labels[action.id]:<{key_width}}  {action.id:<{id_width}}  {action.help}"
                if keymap.keys(action.id) != action.keys:
                    line += f" ({settings.source(f'keys.{action.id}')})"
                lines.append(line)
        if len(lines) > 1:
            yield "\n".join(lines)


def _json(keymap: Keymap, settings: Settings) -> list[dict[str, object]]:
    from screens.actions import ACTIONS

    return [
        {
            "id": action.id,
            "keys": keymap.keys(action.id),
            "keys_by_default": action.keys,
            "text": action.text,
            "help": action.help,
            "group": action.group,
            "contexts": action.contexts,
            "source": str(settings.source(f"keys.{action.id}")),
        }
        for action in ACTIONS.values()
    ]
