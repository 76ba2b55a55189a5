"""What an action is: everything that a key, the palette or a click can set off, as data.

Nothing here knows Textual, so `oxtui keys` prints the table without starting a screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Enabled = Callable[[Any], str | None]
"""Asked with the situation of the widget that would act: None, or the reason why it cannot now."""


def always(_situation: Any) -> str | None:
    """For actions that nothing can prevent."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that an operator can do."""

    id: str
    """Unique, stable: settings name it (`[keys]`). The part behind the last dot names the method."""
    keys: tuple[str, ...]
    """As printed on the key ("d", "?", "ctrl+p", "enter", "f2"); empty: only the palette has it."""
    text: str
    """For the footer: one to three words, lower case."""
    short: str = ""
    """For a footer that has no room for all texts; empty: `text` is short enough."""
    help: str
    """For help and palette: a sentence, without full stop at its end."""
    group: str
    """Heading under which help and palette list it."""
    contexts: tuple[str, ...]
    """Ids of the contexts in which its keys count."""
    enabled: Enabled = always
    footer: int = 0
    """Place in the footer: 1 comes first and goes last when room is short; 0 is never there."""
    palette: bool = True
    """The palette offers it; moving a cursor is nothing to look up."""

    @property
    def method(self) -> str:
        """Name of the method that does it, on the widget that has one of the contexts."""
        return "do_" + self.id.rpartition(".")[2].replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where the operator is: the focused widget, the pane around it, the screen, the app."""

    id: str
    title: str
    """Heading in help."""
    within: tuple[str, ...] = ("app",)
    """Contexts that are active whenever this one is; no key of theirs may be used again here."""
    help: str = ""
    """What this place is for: a few sentences, shown above its keys."""
    basic: bool = False
    """The same everywhere, so help lists it behind what is particular to a place."""
