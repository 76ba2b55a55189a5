"""Where the filter is typed."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import Input

from screens.acting import Acts
from screens.browse.tab_line import TabLine
from screens.widgets.resource_table import ResourceTable
from screens.widgets.text_line import TextLine


class FilterField(Acts, TextLine):
    """Seen while it is typed in or has a text."""

    CONTEXTS = ("filter",)
    DEFAULT_CSS = """
    FilterField {
        background: $surface;
        padding: 0;
        &.-wrong { color: $text-error; }
    }
    """

    def __init__(self, typed: Callable[[str], None]) -> None:
        super().__init__(compact=True)
        self._typed = typed

    def show(self, text: str, *, wrong: bool) -> None:
        """Show the filter of the present table; what is being typed is left alone."""
        self.set_class(wrong, "-wrong")
        if self.has_focus:
            return
        if self.value != text:
            with self.prevent(Input.Changed):
                self.value = text
        self._appear(bool(text))

    def start(self) -> None:
        """Let the operator type; every further key is meant for this field."""
        self._appear(True)
        self.screen.set_focus(self)

    def _appear(self, shown: bool) -> None:
        self.display = shown
        if isinstance(self.parent, TabLine):
            self.parent.give_room(self.value if shown else None)

    def watch_value(self, value: str) -> None:
        """Narrow the table now: a message would come a frame later."""
        if self.has_focus:
            self._appear(True)
            self._typed(value)

    def on_blur(self) -> None:
        """An empty filter is not shown once it is left."""
        self._appear(bool(self.value))

    def do_done(self) -> None:
        """To the table; the filter stays."""
        self._table.focus()

    def do_up(self) -> None:
        """The cursor of the table goes up."""
        self._table.do_up()

    def do_down(self) -> None:
        """The cursor of the table goes down."""
        self._table.do_down()

    @property
    def _table(self) -> ResourceTable:
        return self.screen.query_one(ResourceTable)
