"""A small app for tests of single widgets: their actions by key, and nothing else of oxtui."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.widget import Widget

from screens.acting import Acts, offer_of_key
from screens.actions import ACTIONS, CONTEXTS
from screens.actions.keymap import Keymap
from screens.themes import OWN_THEMES


class ActingApp(Acts, App[None], inherit_bindings=False):
    """Holds widgets and hands them their keys as oxtui does."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.keymap = Keymap(ACTIONS, CONTEXTS)
        self.refused: list[str] = []
        self.received: list[Any] = []
        self._widgets = widgets
        for theme in OWN_THEMES:
            self.register_theme(theme)
        self.theme = "oxtui-dark"
        self.animation_level = "none"

    def compose(self) -> ComposeResult:
        yield from self._widgets

    async def on_key(self, event: events.Key) -> None:
        plain = event.is_printable and event.character not in (None, " ")
        key = event.character if plain and event.character else event.key
        offer = offer_of_key(self.screen, self.keymap, key)
        if offer is not None:
            event.stop()
            event.prevent_default()
            if offer.reason:
                self.refused.append(offer.reason)
            else:
                offer.actor.perform(offer.action)
