"""The line of tabs, with filter and count at its right."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Input, Static

from screens.acting import Acts
from screens.browse.resources import RESOURCES
from screens.widgets.action_line import ActionLine
from screens.widgets.text_line import TextLine


class Tabs(ActionLine):
    """All tabs by name where there is room, else their numbers and the name of the present one."""

    current: reactive[str] = reactive("images")

    def pieces(self, room: int) -> Sequence[tuple[Content, str]]:
        """A piece a tab."""
        full = self._tabs(every_name=True)
        if sum(tab.cell_length for tab, _ in full) <= room:
            return full
        return self._tabs(every_name=False)

    def _tabs(self, every_name: bool) -> Sequence[tuple[Content, str]]:
        tabs = []
        for number, resource in enumerate(RESOURCES.values(), 1):
            here = resource.id == self.current
            label = f" {number} {resource.title} " if here or every_name else f" {number} "
            style = "bold $text-accent on $block-cursor-background" if here else "$text-muted"
            tabs.append((Content.styled(label, style), f"browse.{resource.id}"))
        return tabs


class FilterInput(Acts, TextLine):
    """Where the filter is typed."""

    CONTEXTS = ("filter",)

    def do_done(self) -> None:
        """To the table; the filter stays."""
        self.screen.query_one("ResourceTable").focus()

    def do_up(self) -> None:
        """The cursor of the table goes up."""
        self.screen.query_one("ResourceTable").do_up()  # type: ignore[attr-defined]

    def do_down(self) -> None:
        """The cursor of the table goes down."""
        self.screen.query_one("ResourceTable").do_down()  # type: ignore[attr-defined]


class TabLine(Horizontal):
    """Tabs, filter, count."""

    DEFAULT_CSS = """
    TabLine {
        height: 1;
        background: $surface;
        & Tabs { width: 1fr; }
        & .filter--slash { width: auto; color: $text-accent; display: none; }
        & FilterInput { width: 22; background: $surface; display: none; padding: 0; }
        & .filter--count { width: auto; color: $text-muted; padding: 0 1; }
        &.-filtering .filter--slash, &.-filtering FilterInput { display: block; }
        &.-wrong FilterInput { color: $text-error; }
    }
    """

    def compose(self) -> ComposeResult:
        """Tabs at the left, the rest at the right."""
        yield Tabs()
        yield Static("/", classes="filter--slash")
        yield FilterInput(compact=True)
        yield Static("", classes="filter--count", markup=False)

    def on_descendant_blur(self) -> None:
        """An empty filter is not shown once it is left."""
        self.set_class(bool(self.query_one(FilterInput).value), "-filtering")

    def show_count(self, text: str) -> None:
        """How many rows there are."""
        self.query_one(".filter--count", Static).update(text)

    def show_filter(self, text: str, problem: str) -> None:
        """The filter of the present table, if it has one or is being typed."""
        field = self.query_one(FilterInput)
        self.set_class(bool(text) or field.has_focus, "-filtering")
        self.set_class(bool(problem), "-wrong")
        if field.value != text and not field.has_focus:
            with field.prevent(Input.Changed):
                field.value = text
