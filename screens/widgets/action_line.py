"""A line of words that can be clicked to act."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widget import Widget


class ActionLine(Widget):
    """Draws pieces side by side; a click on one does its action, as its key would."""

    DEFAULT_CSS = "ActionLine { height: 1; }"

    def pieces(self, room: int) -> Sequence[tuple[Content, str]]:
        """Texts with the ids of their actions (empty: no action), for a line of `room` cells."""
        return ()

    def render(self) -> Content:
        """All pieces."""
        return Content("").join(text for text, _ in self.pieces(self.content_size.width))

    async def on_click(self, event: events.Click) -> None:
        """Act."""
        x = event.x - self.styles.padding.left
        for text, action in self.pieces(self.content_size.width):
            if 0 <= x < text.cell_length and action:
                await self.app.run_action(f"app.perform({action!r})")
                return
            x -= text.cell_length
