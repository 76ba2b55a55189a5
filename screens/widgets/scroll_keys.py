"""Scrolling by actions, for whatever shows a text that is longer than its room."""

from __future__ import annotations

from typing import cast

from textual.widget import Widget


class ScrollKeys:
    """Actions that scroll `scrolled`: the widget itself, unless that says another."""

    @property
    def scrolled(self) -> Widget:
        """What scrolls."""
        return cast("Widget", self)

    def do_up(self) -> None:
        """Scroll up."""
        self.scrolled.scroll_up(animate=False)

    def do_down(self) -> None:
        """Scroll down."""
        self.scrolled.scroll_down(animate=False)

    def do_page_up(self) -> None:
        """Scroll a page up."""
        self.scrolled.scroll_page_up(animate=False)

    def do_page_down(self) -> None:
        """Scroll a page down."""
        self.scrolled.scroll_page_down(animate=False)

    def do_top(self) -> None:
        """Scroll to the beginning."""
        self.scrolled.scroll_home(animate=False)

    def do_bottom(self) -> None:
        """Scroll to the end."""
        self.scrolled.scroll_end(animate=False)
