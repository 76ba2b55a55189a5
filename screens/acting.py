"""How keys, clicks, footer and palette reach the widget that acts.

A widget, screen or app that acts names its contexts; the table of actions says what can be done
there and by which key, and the widget has a method for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from screens.actions import ACTIONS, Action
from screens.actions.keymap import Keymap, key_label


class Acts:
    """Mixed into a widget, screen or app that has actions of its own (`do_<name>` methods)."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ()

    def contexts(self) -> tuple[str, ...]:
        """Ids of the contexts that this widget stands for now, nearest first."""
        return self.CONTEXTS

    def situation(self) -> Any:
        """What `Action.enabled` is asked with."""
        return self

    def perform(self, action: Action) -> None:
        """Do it; whatever takes longer than a frame is started here and awaited elsewhere."""
        getattr(self, action.method)()

    def can_step_back(self) -> bool:
        """Whether `step_back` would do something."""
        return False

    def step_back(self) -> bool:
        """Esc was pressed: go back one step within this widget; False if there is none."""
        return False


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that the focused place has now."""

    action: Action
    actor: Acts
    context: str
    keys: tuple[str, ...]
    reason: str | None
    """Why it cannot be done now; None if it can."""

    @property
    def label(self) -> str:
        """Its first key as shown to people; empty if it has none."""
        return key_label(self.keys[0]) if self.keys else ""


def actors(screen: Screen[Any]) -> Iterator[Acts]:
    """What acts now: from the focused widget up to the app; a dialog keeps all behind it out."""
    start: DOMNode = screen.focused or screen
    for node in start.ancestors_with_self:
        if isinstance(node, Acts):
            yield node
        if node is screen and screen.is_modal:
            return


def offers(screen: Screen[Any], keymap: Keymap) -> Iterator[Offer]:
    """Every action of the focused place, nearest first, each once; with the keys that reach it now.

    A text field takes letters for itself, so while it has the focus they set nothing off.
    """
    seen: set[str] = set()
    claimed: set[str] = set()
    taken = _own_keys(screen)
    for actor in actors(screen):
        situation = actor.situation()  # once: a screen may have to look for what it says
        for context in actor.contexts():
            for action in ACTIONS.values():
                if context in action.contexts and action.id not in seen:
                    seen.add(action.id)
                    reason = action.enabled(situation)
                    keys = keymap.keys(action.id)
                    if not isinstance(actor, Widget) or actor is not screen.focused:
                        keys = tuple(key for key in keys if not taken(key))
                    keys = tuple(key for key in keys if key not in claimed)
                    claimed.update(keys)
                    yield Offer(action, actor, context, keys, reason)


def _own_keys(screen: Screen[Any]) -> Callable[[str], bool]:
    """Whether the focused widget keeps a key for itself."""
    focused = screen.focused
    if focused is None:
        return lambda _key: False
    bound = screen.active_bindings

    def own(key: str) -> bool:
        if key in bound and not isinstance(bound[key].node, Screen | App):
            return True
        return focused.check_consume_key(key, key if len(key) == 1 else None)

    return own


def offer_of_key(screen: Screen[Any], keymap: Keymap, key: str) -> Offer | None:
    """What a key sets off now; None if nothing of ours, so that Textual's own keys work.

    Keys that the focused widget has for itself (those of a text field, of a list) stay its own.
    """
    bound = screen.active_bindings.get(key)
    if bound is not None and not isinstance(bound.node, Screen | App):
        return None
    for actor in actors(screen):
        found = keymap.action(key, actor.contexts())
        if found is not None:
            context, action = found
            reason = action.enabled(actor.situation())
            return Offer(action, actor, context, keymap.keys(action.id), reason)
    return None
