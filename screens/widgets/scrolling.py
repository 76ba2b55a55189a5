"""What scrolls over lines that it draws itself, in a place whose size does not depend on them."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView


class Scrolling(ScrollView):
    """More or fewer lines move its scrollbar; they lay nothing out anew.

    In Textual a new `virtual_size` lays out the whole screen, for the widgets that grow with it:
    some 20 ms for each key of a filter. Only a scrollbar that comes or goes does so here.
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def watch_virtual_size(self, size: Size) -> None:
        """The scrollbar follows, and the place stays within the lines."""
        self._scroll_update(size)
