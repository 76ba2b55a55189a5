"""A box to tick."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class Tick(Widget, can_focus=True):
    """`[ ] text`; space or a click ticks it."""

    DEFAULT_CSS = """
    Tick {
        height: auto;
        &:focus { background: $block-cursor-background; }
    }
    """

    value: reactive[bool] = reactive(False)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self) -> Content:
        """The box and what it means."""
        box = ("[x]", "bold $text-accent") if self.value else "[ ]"
        return Content.assemble(box, f" {self._text}")

    def on_click(self) -> None:
        """Tick it, or take the tick away."""
        self.value = not self.value

    def on_key(self, event: events.Key) -> None:
        """Space ticks; every other key belongs to the dialog."""
        if event.key == "space":
            self.value = not self.value
            event.stop()
