"""The smallest Textual app: one line of text. What Textual itself takes to start."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

TEXT = "The smallest app"


class SmallestApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static(TEXT)


if __name__ == "__main__":
    SmallestApp().run()
