"""A tab of the Build screen that is text: it scrolls where it does not fit."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class TextTab(VerticalScroll, can_focus=True):
    """Draws a text as wide as it is; the keys of movement scroll it."""

    DEFAULT_CSS = """
    TextTab {
        height: 1fr;
        padding: 1 2;
        scrollbar-size-vertical: 1;
        & Static { height: auto; width: 1fr; }
    }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._text = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """The text."""
        yield self._text

    @property
    def room(self) -> int:
        """Cells of a line; 0 before the first layout."""
        return self.scrollable_content_region.width

    def draw(self, text: Content) -> None:
        """Show another text."""
        self._text.update(text)
