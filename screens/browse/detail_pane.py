"""The details of the row under the cursor: a column beside the table, or a page of its own."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from screens.acting import Acts
from screens.browse.details import details
from screens.browse.resource import Fact, Section
from screens.widgets.scroll_keys import ScrollKeys


class DetailPane(Acts, ScrollKeys, VerticalScroll, can_focus=False, inherit_bindings=False):
    """Draws facts and sections as wide as it is."""

    CONTEXTS = ("details",)

    DEFAULT_CSS = """
    DetailPane {
        width: 41;
        border-left: solid $panel;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        & Static { height: auto; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, Sequence[Fact], Sequence[Section]] = ("", (), ())
        self._lines = -1

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static("", markup=False)

    def show(self, title: str, facts: Sequence[Fact], sections: Sequence[Section]) -> None:
        """Draw other details, after what else changed; those of another row begin at their top."""
        if (title, facts, sections) == self._shown:
            return
        if title != self._shown[0]:
            self.scroll_home(animate=False)
        self._shown = (title, facts, sections)
        self.call_after_refresh(self._draw)  # a key of the filter shows its rows first

    @property
    def text(self) -> str:
        """What is shown, as plain text."""
        width = max(self.scrollable_content_region.width, 1)
        return details(*self._shown, width=width).plain

    def on_resize(self) -> None:
        """Lines are broken anew."""
        self._draw()

    def _draw(self) -> None:
        width = self.scrollable_content_region.width
        if width:
            text = details(*self._shown, width=width)
            lines = text.plain.count("\n")
            self.query_one(Static).update(text, layout=lines != self._lines)
            self._lines = lines
