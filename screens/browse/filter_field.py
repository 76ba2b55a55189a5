"""Where the filter is typed."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from screens.acting import Acts
from screens.browse.tab_line import TabLine
from screens.widgets.resource_table import ResourceTable
from screens.widgets.text_line import TextLine


class FilterField(Acts, Horizontal):
    """A slash and a field; seen while it is typed in or has a text."""

    CONTEXTS = ("filter",)
    DEFAULT_CSS = """
    FilterField {
        display: none;
        height: 1;
        &.-shown { display: block; }
        & Static { width: 1; color: $text-accent; }
        & TextLine { width: 1fr; background: $surface; padding: 0; }
        &.-wrong TextLine { color: $text-error; }
    }
    """

    def compose(self) -> ComposeResult:
        """Slash and field."""
        yield Static("/")
        yield TextLine(compact=True)

    @property
    def _line(self) -> TextLine:
        return self.query_one(TextLine)

    def start(self) -> None:
        """Let the operator type."""
        self._appear(True)
        self.call_after_refresh(self._line.focus)

    def _appear(self, shown: bool) -> None:
        self.set_class(shown, "-shown")
        if isinstance(self.parent, TabLine):
            self.parent.filtering = shown

    def show(self, text: str, *, wrong: bool) -> None:
        """Show the filter of the present table; what is being typed is left alone."""
        self.set_class(wrong, "-wrong")
        if self.has_focus_within:
            return
        self._appear(bool(text))
        if self.is_mounted and self._line.value != text:
            with self._line.prevent(Input.Changed):
                self._line.value = text

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(TabLine.FilterTyped(event.value))

    def on_descendant_blur(self) -> None:
        """An empty filter is not shown once it is left."""
        self._appear(bool(self._line.value))

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
