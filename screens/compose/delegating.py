"""Widgets whose actions are partly their own and partly their screen's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from screens.acting import Acts
from screens.actions import Action

if TYPE_CHECKING:
    from textual.widget import Widget


class Delegates(Acts):
    """Does what it has a method for; the screen does the rest, and decides what is possible."""

    @property
    def _screen(self) -> Acts:
        return cast("Acts", cast("Widget", self).screen)

    def situation(self) -> Any:
        """The screen's."""
        return self._screen.situation()

    def perform(self, action: Action) -> None:
        """Do it here or there."""
        if hasattr(self, action.method):
            super().perform(action)
        else:
            self._screen.perform(action)
